#pragma warning disable
using Notifier.Feeds;
namespace Notifier.Bot.Cli;
internal sealed class ParseVerb(FeedParser p, Func<Uri, CancellationToken, Task<FetchResult>> f)
{
    public Task<int> RunAsync(CommandArguments a, Stream i, Stream o, CancellationToken ct) { _ = p; _ = f; _ = a; _ = i; _ = o; return Task.FromResult(0); }
}
