using Notifier.Bench;

// dotnet run -c Release --project tests/bench -- parse FOLDER [rounds]
// dotnet run -c Release --project tests/bench -- chaos --kills 500 --seed 1
// dotnet run -c Release --project tests/bench -- deliver
// dotnet run -c Release --project tests/bench -- match --subscriptions 10000
// dotnet run -c Release --project tests/bench -- render
// dotnet run --project tests/bench -- fakes
try
{
    return args switch
    {
        ["parse", var folder, .. var rest] => ParseBench.Run(folder, rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5),
        ["chaos", .. var options] => await Chaos.RunAsync(options),
        ["deliver", .. var options] => await DeliverBench.RunAsync(options),
        ["match", .. var options] => await MatchBench.RunAsync(options),
        ["render", .. var options] => RenderBench.Run(options),
        ["fakes"] => await Fakes.RunAsync(),
        _ => Usage(),
    };
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine("       match [--subscriptions 10000] [--rounds 5] [--json FILE]   what one new entry costs that so many chats want: matched, stored, rendered, delivered");
    Console.Error.WriteLine("       render [--rounds 5] [--json FILE]   how many messages about an entry of 3 KB a core composes and renders a second, for each platform");
    return 64;
}

static int Usage()
{
    Console.Error.WriteLine("usage: fakes                   Discord and Telegram on loopback, to try the service against");
    Console.Error.WriteLine("       parse FOLDER [rounds]   how fast the documents below a folder are read, beside a bare XmlReader pass");
    Console.Error.WriteLine("       chaos [--kills 500] [--seed N] [--minutes 120] [--json FILE] [--keep]   kills the service over and over and counts what is lost or comes twice");
    Console.Error.WriteLine("       deliver [ceiling|trouble|alone]   how much of the permitted rate the service reaches on both platforms; with four chats of a thousand in trouble, and without them");
    Console.Error.WriteLine("       match [--subscriptions 10000] [--rounds 5] [--json FILE]   what one new entry costs that so many chats want: matched, stored, rendered, delivered");
    Console.Error.WriteLine("       render [--rounds 5] [--json FILE]   how many messages about an entry of 3 KB a core composes and renders a second, for each platform");
    return 64;
}
