using System.Reflection;
using System.Runtime.CompilerServices;
using Notifier.Chats;
using Notifier.Feeds;

namespace Notifier.Tests.House;

public sealed class NamesTests
{
    private static readonly string[] Banned = ["Manager", "Helper", "Util", "Utils", "Service", "Info", "Data", "Base", "Common", "Impl", "Wrapper"];

    private static readonly Assembly[] Assemblies = [typeof(Core).Assembly, typeof(Bot.Settings).Assembly];

    [Fact]
    public void No_type_hides_behind_a_word_that_says_nothing() => Assert.All(Types(), type => Assert.False(SaysNothing(type.Name), type.FullName));

    [Theory]
    [InlineData("FeedManager")]
    [InlineData("ParsedData`1")]
    public void Such_a_word_is_seen(string name) => Assert.True(SaysNothing(name));

    [Theory]
    [InlineData("DataFolder")]
    [InlineData("Database")]
    public void A_word_that_only_looks_alike_is_let_be(string name) => Assert.False(SaysNothing(name));

    [Fact]
    public void There_are_two_interfaces()
    {
        var interfaces = Types().Where(type => type.IsInterface).OrderBy(type => type.Name, StringComparer.Ordinal);
        Assert.Equal([typeof(IChatPlatform), typeof(IFeedFormat)], interfaces);
    }

    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them()
    {
        var bases = Types().Select(type => type.BaseType).ToHashSet();
        var open = Types().Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !bases.Contains(type));
        Assert.Empty(open);
    }

    private static bool SaysNothing(string name) => Banned.Any(word => name.Split('`')[0].EndsWith(word, StringComparison.Ordinal));

    /// <summary>What people wrote: not what the compiler or EF's tool did.</summary>
    private static IEnumerable<Type> Types() => Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type =>
        type.Namespace?.StartsWith("Notifier", StringComparison.Ordinal) == true
        && !type.Namespace.EndsWith("Migrations", StringComparison.Ordinal)
        && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.DeclaringType?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) != true);
}
