using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Notifier.Chats;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.House;

/// <summary>
/// The floors of ARCHITECTURE.md, over what is compiled: a folder uses only what it may, and so there is no circle. <c>using</c> lines
/// alone would miss names that are written out.
/// </summary>
public sealed class FloorsTests
{
    private static readonly string[] Below6 = ["Polling", "Deliveries", "Commands", "Chats", "Filters", "Schedules", "Messages", "Feeds", "Texts", "Model"];

    /// <summary>Each folder of core, the floor it is on, and what it may use.</summary>
    private static readonly (string Folder, int Floor, string[] MayUse)[] Core =
    [
        ("Model", 1, []),
        ("Texts", 0, []),
        ("Feeds", 1, ["Texts"]),
        ("Stories", 2, ["Feeds", "Model"]),
        ("Filters", 2, ["Model", "Texts"]),
        ("Schedules", 2, ["Model", "Texts"]),
        ("Messages", 2, ["Feeds", "Model", "Texts"]),
        ("Chats", 3, ["Messages", "Model"]),
        ("Deliveries", 4, ["Chats", "Filters", "Messages", "Schedules", "Texts", "Model"]),
        ("Commands", 4, ["Chats", "Messages", "Schedules", "Texts", "Model"]),
        ("Polling", 5, ["Feeds", "Filters", "Stories", "Schedules", "Deliveries", "Messages", "Texts", "Model"]),
        ("Subscriptions", 6, Below6),
        ("ChatSettings", 6, Below6),
        ("Operating", 7, [.. Below6, "Subscriptions"]),
    ];

    private static readonly Architecture Compiled = new ArchLoader().LoadAssemblies(typeof(Notifier.Core).Assembly, typeof(Bot.Settings).Assembly).Build();

    [Fact]
    public void Every_folder_of_core_has_its_floor()
    {
        var folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "core"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);
        Assert.Equal(folders, Core.Select(row => row.Folder).Order(StringComparer.Ordinal));
    }

    /// <summary>Whoever only ever uses lower floors cannot go in a circle.</summary>
    [Fact]
    public void Whatever_a_folder_may_use_is_on_a_lower_floor()
    {
        var floors = Core.ToDictionary(row => row.Folder, row => row.Floor);
        Assert.All(Core, row => Assert.All(row.MayUse, used => Assert.True(floors[used] < row.Floor, $"{row.Folder} → {used}")));
    }

    [Fact]
    public void A_folder_of_core_uses_only_what_it_may()
    {
        var uses = Uses(Compiled, "Notifier").Where(use => use.From is not ("" or "Bot")).ToList();
        Assert.Contains(uses, use => use is { From: "Polling", To: "Feeds" });
        Assert.Empty(Forbidden(uses, Core.ToDictionary(row => row.Folder, row => row.MayUse)));
    }

    [Fact]
    public void Core_knows_no_web_server_no_platform_and_no_cluster()
    {
        string[] closed = ["Microsoft.AspNetCore", "Telegram", "Discord", "Orleans", "Npgsql", "Notifier"];
        var references = typeof(Notifier.Core).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => closed.Any(name.StartsWith));
        Assert.Empty(references);
    }

    [Fact]
    public void Platforms_do_not_use_each_other()
    {
        var platforms = typeof(Bot.Settings).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IChatPlatform))).Select(type => type.Namespace!.Split('.')[2]).ToHashSet();
        Assert.Contains("Terminal", platforms);
        var uses = Uses(Compiled, "Notifier.Bot").Where(use => platforms.Contains(use.From) && platforms.Contains(use.To));
        Assert.Empty(Forbidden(uses, platforms.ToDictionary(platform => platform, _ => Array.Empty<string>())));
    }

    /// <summary>The control: a name written out in a method, in a lambda and in an async method is seen.</summary>
    [Theory]
    [InlineData("InMethod")]
    [InlineData("InLambda")]
    [InlineData("InAsyncMethod")]
    [InlineData("InSignature")]
    public void A_folder_that_uses_a_higher_floor_is_found(string where)
    {
        var control = new ArchLoader().LoadAssembly(typeof(FloorsTests).Assembly).Build();
        var uses = Uses(control, "Notifier.Tests.House.Controls").ToList();
        var mayUse = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["High"] = ["Low"], ["Low"] = [] };
        Assert.Contains(Forbidden(uses, mayUse), use => use.StartsWith("Low → High", StringComparison.Ordinal) && use.Contains(where, StringComparison.Ordinal));
        mayUse["Low"] = ["High"];
        Assert.Empty(Forbidden(uses, mayUse));
    }

    private static IEnumerable<string> Forbidden(IEnumerable<Use> uses, Dictionary<string, string[]> mayUse) => uses
        .Where(use => !mayUse[use.From].Contains(use.To, StringComparer.Ordinal))
        .Select(use => $"{use.From} → {use.To}: {use.Type} uses {use.Used}")
        .Distinct();

    /// <summary>Which folder under a namespace uses which other, by which types. The namespace itself is the folder "".</summary>
    private static IEnumerable<Use> Uses(Architecture architecture, string root) =>
        from type in architecture.Types
        let here = Folder(type, root)
        where here is not null
        from dependency in type.Dependencies
        let there = Folder(dependency.Target, root)
        where there is not null && there != here
        select new Use(here, there, type.FullName, dependency.Target.FullName);

    private static string? Folder(IType type, string root)
    {
        var name = type.Namespace?.FullName ?? "";
        return name == root ? "" : name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].Split('.')[0] : null;
    }

    private sealed record Use(string From, string To, string Type, string Used);
}
