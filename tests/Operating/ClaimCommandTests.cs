using Notifier.Commands;
using Notifier.Operating;
using Notifier.Tests.Commands;
using Notifier.Tests.Support;

namespace Notifier.Tests.Operating;

/// <summary>How somebody becomes an operator, and ceases to be one.</summary>
public sealed class ClaimCommandTests : IAsyncDisposable
{
    private const string Done = "You are an operator now: you may do anything, from any chat.";
    private const string Wrong = "That is not the code, or it was used before. My console shows it when I start and have no operator; an operator makes another one with /admins add.";

    private readonly FrontDoor _door = new();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task The_code_works_once()
    {
        var code = _door.Code.ForFirstOperator()!;
        Assert.Matches("^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$", code);
        Assert.Equal(code, _door.Code.ForFirstOperator());

        Assert.Equal(Done, await _door.AskAsync($"/claim {code}"));
        Assert.Equal("You are an operator already.", await _door.AskAsync($"/claim {code}"));
        Assert.Equal(Wrong, await _door.AskAsync($"/claim {code}", person: "@bob"));
        Assert.Null(_door.Code.ForFirstOperator());
        Assert.Equal("@ann", (await _door.Desk.ReadAsync(db => db.Operators.Single())).Person);
        Assert.Equal("operator:fake:@ann", (await _door.Desk.ReadAsync(db => db.AuditLines.Single())).Subject);
    }

    [Fact]
    public async Task It_may_be_typed_in_small_letters_and_without_dashes()
    {
        var code = _door.Code.ForFirstOperator()!;
        Assert.Equal(Done, await _door.AskAsync($"/claim {code.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal)}"));
    }

    [Fact]
    public async Task A_member_may_claim_and_a_stranger_may_not()
    {
        var code = _door.Code.ForFirstOperator()!;
        Assert.Equal("Only members of this chat can use /claim.", await _door.AskAsync(_door.Line($"/claim {code}") with { Rights = Notifier.Chats.Rights.None }));
        Assert.Equal(Done, await _door.AskAsync(_door.Line($"/claim {code}") with { Rights = Notifier.Chats.Rights.Member }));
    }

    [Fact]
    public async Task Whoever_speaks_as_the_chat_itself_is_nobody_in_particular()
    {
        var code = _door.Code.ForFirstOperator()!;
        Assert.Equal("Others read along here. Ask me in private.", await _door.AskAsync(_door.AdminLine($"/claim {code}") with { Person = new Person("a", "The group") }));
        Assert.Equal(Done, await _door.AskAsync($"/claim {code}"));
    }

    [Fact]
    public async Task A_wrong_code_is_refused_and_uses_nothing_up()
    {
        Assert.Equal(Wrong, await _door.AskAsync("/claim 2222-2222-2222"));
        var code = _door.Code.ForFirstOperator()!;
        foreach (var wrong in new[] { "2222-2222-2222", code[..^1], code + "2", "-", "😀" })
            Assert.Equal(Wrong, await _door.AskAsync($"/claim {wrong}"));
        Assert.StartsWith("The code is missing", await _door.AskAsync("/claim"), StringComparison.Ordinal);
        Assert.Equal(0, await _door.Desk.ReadAsync(db => db.Operators.Count()));
        Assert.Equal(Done, await _door.AskAsync($"/claim {code}", person: "@bob"));
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_one_gets_it()
    {
        var code = _door.Code.ForFirstOperator()!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => _door.AskAsync($"/claim {code}", person: $"@{n}")));
        Assert.Single(answers, Done);
        Assert.Equal(19, answers.Count(answer => answer == Wrong));
    }

    [Fact]
    public async Task A_claim_that_comes_again_is_answered_as_done()
    {
        var line = _door.AdminLine($"/claim {_door.Code.ForFirstOperator()}");
        await _door.AskAsync(line);
        Assert.Equal("You are an operator already.", await _door.AskAsync(line));
    }

    [Fact]
    public async Task An_operator_makes_another_and_removes_them()
    {
        await _door.AskAsync($"/claim {_door.Code.ForFirstOperator()}");
        _door.Desk.Time.Advance(TimeSpan.FromMinutes(5));
        var first = CodeIn(await AskAloneAsync("/admins add"));
        var second = CodeIn(await AskAloneAsync("/admins ADD"));
        Assert.Equal(Wrong, await _door.AskAsync($"/claim {first}", person: "@bob"));
        Assert.Equal(Done, await _door.AskAsync($"/claim {second}", person: "@bob"));
        Assert.Equal("2 operators, besides whoever is at the Terminal:\nfake:@ann · ann · 5 minutes ago fake:@bob · bob · just now", await AskAloneAsync("/admins", person: "@bob"));

        Assert.Equal("There is no operator fake:@eve. /admins lists them.", await AskAloneAsync("/admins fake:@eve"));
        Assert.Equal("fake:@bob is no operator any more.", await AskAloneAsync("/admins fake:@bob"));
        Assert.Equal("Only whoever runs this Notifier can use /admins.", await AskAloneAsync("/admins", person: "@bob"));
        Assert.Equal("One operator, besides whoever is at the Terminal:\nfake:@ann · ann · 5 minutes ago", await AskAloneAsync("/admins"));
    }

    [Fact]
    public async Task When_the_last_operator_is_gone_the_console_has_a_code_again()
    {
        await _door.AskAsync($"/claim {_door.Code.ForFirstOperator()}");
        await AskAloneAsync("/admins fake:@ann");
        Assert.Equal(Done, await _door.AskAsync($"/claim {_door.Code.ForFirstOperator()}", person: "@bob"));
    }

    [Fact]
    public async Task Another_run_of_the_process_has_another_code()
    {
        var before = _door.Code.ForFirstOperator()!;
        var after = new ClaimCode(_door.Desk.Storage);
        Assert.NotEqual(before, after.ForFirstOperator());
        Assert.False(after.Take(before));
        await Task.CompletedTask;
    }

    /// <summary>Where nobody else reads the answer.</summary>
    private Task<string?> AskAloneAsync(string line, string person = "@ann") => _door.AskAsync(_door.AdminLine(line, person: person) with { IsPrivate = true });

    private static string CodeIn(string? text)
    {
        Assert.StartsWith("This makes one more operator, once: /claim ", text, StringComparison.Ordinal);
        return text!.Split(' ')[^1];
    }
}
