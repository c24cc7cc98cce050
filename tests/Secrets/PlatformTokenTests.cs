using Notifier.Bot.Secrets;
using Notifier.Tests.Support;

namespace Notifier.Tests.Secrets;

public sealed class PlatformTokenTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly KnownSecrets _secrets = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_from_the_settings_is_usable_at_once_and_kept_out_of_logs()
    {
        using var token = Token("first-test-token");
        Assert.True(token.UsableAsync(Stop).IsCompletedSuccessfully);
        Assert.Equal(("first-test-token", null), (token.Value, token.Refusal));
        Assert.Equal("***", _secrets.Scrub("first-test-token"));
        Assert.False(File.Exists(_folder.File(SecretsFile.Name)));
    }

    [Fact]
    public async Task Without_one_it_is_waited_for()
    {
        using var token = Token("");
        var usable = token.UsableAsync(Stop);
        Assert.Null(token.Value);
        Assert.False(usable.IsCompleted);

        var replaced = token.Replaced;
        token.Replace("test");
        await usable.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        Assert.Equal("test", token.Value);
        Assert.True(replaced.IsCancellationRequested);
        Assert.False(token.Replaced.IsCancellationRequested);
        Assert.Contains("\"test\"", await File.ReadAllTextAsync(_folder.File(SecretsFile.Name), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_one_is_not_used_until_there_is_another()
    {
        using var token = Token("first");
        token.Refuse("first", "Unauthorized");
        token.Refuse("first", "Unauthorized again");
        Assert.Equal(("first", "Unauthorized"), (token.Value, token.Refusal));
        var usable = token.UsableAsync(Stop);
        Assert.False(usable.IsCompleted);

        token.Replace("second");
        await usable.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        Assert.Equal(("second", null), (token.Value, token.Refusal));
        Assert.True(token.UsableAsync(Stop).IsCompletedSuccessfully);
    }

    [Fact]
    public void What_the_platform_said_of_an_old_one_is_not_said_of_the_new_one()
    {
        using var token = Token("first");
        token.Replace("second");
        token.Refuse("first", "Unauthorized");
        Assert.Null(token.Refusal);
        Assert.True(token.UsableAsync(Stop).IsCompletedSuccessfully);
    }

    [Fact]
    public void The_same_one_given_again_is_tried_again()
    {
        using var token = Token("first");
        token.Refuse("first", "Unauthorized");
        token.Replace("first");
        Assert.Null(token.Refusal);
        Assert.True(token.UsableAsync(Stop).IsCompletedSuccessfully);
    }

    [Fact]
    public void One_that_cannot_be_stored_changes_nothing()
    {
        using var token = Token("first");
        _folder.Write(SecretsFile.Name, "no JSON");
        var replaced = token.Replaced;
        Assert.Throws<IOException>(() => token.Replace("second"));
        Assert.Equal("first", token.Value);
        Assert.False(replaced.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_waits_may_give_up()
    {
        using var token = Token("");
        using var giveUp = new CancellationTokenSource();
        var usable = token.UsableAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => usable);
        Assert.False(token.UsableAsync(Stop).IsCompleted);
    }

    private PlatformToken Token(string value) => new("Notifier:Telegram:Token", value, new SecretsFile(_folder.File(SecretsFile.Name)), _secrets);
}
