using Notifier.Bench;
using Notifier.Bench.Sheet;

// dotnet run -c Release --project tests/bench -- NAME
try
{
    return args switch
    {
        ["poll", .. var options] => await PollBench.RunAsync(options),
        ["farm", var feeds] => await FeedFarm.RunAsync(int.Parse(feeds, System.Globalization.CultureInfo.InvariantCulture)),
        ["parse", .. var options] => ParseBench.Run(options),
        ["micro", .. var rest] => Micro.Run(rest is [var filter] ? filter : "*"),
        ["chaos", .. var options] => await Chaos.RunAsync(options),
        ["scale", .. var options] => await ScaleBench.RunAsync(options),
        ["match", .. var options] => await MatchBench.RunAsync(options),
        ["render", .. var options] => RenderBench.Run(options),
        ["sheet", .. var options] => ContactSheet.Run(options),
        ["deliver", .. var options] => await DeliverBench.RunAsync(options),
        ["fakes"] => await Fakes.RunAsync(),
        _ => Usage(),
    };
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 64;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage: dotnet run -c Release --project tests/bench -- NAME

        poll [--feeds 2000] [--concurrency 64] [--rounds 5] [--chats 1] [--only unchanged|changed] [--url URL/] [--json FILE]
            polls a second beside bare requests: first, unchanged, one new entry each; feeds of its own, or URL/0.xml and up
        parse FOLDER [--rounds 5] [--filter realworld-*] [--json FILE]
            how fast the documents below a folder are read, beside a bare XmlReader pass; the filter is for the manifest's categories or the files' names
        micro [*Parse*]
            the small hot paths, by BenchmarkDotNet
        scale [--feeds 100000] [--starts 3] [--rest 60] [--program Notifier.dll] [--json FILE]
            what the program costs with so many feeds: start-up, memory, at rest, by poll; beside 10,000
        match [--subscriptions 10000] [--rounds 5] [--json FILE]
            what one new entry costs that so many chats want: matched, stored, rendered, delivered
        render [--rounds 5] [--json FILE]
            how many messages about an entry of 3 KB a core composes and renders a second, for each platform
        sheet FOLDER PAGE.html [--filter realworld-*] [--entries 200] [--from 0] [--style card]
            a page that shows entries as both clients would, to be looked at
        deliver [ceiling|trouble|alone] [--json FILE]
            how much of the permitted rate the service reaches on both platforms; with four chats of a thousand in trouble, and without them
        chaos [--kills 500] [--seed N] [--minutes 120] [--json FILE] [--keep]
            kills the service over and over and counts what is lost or comes twice
        fakes
            Discord and Telegram on loopback, to try the service against
        """);
    return 64;
}
