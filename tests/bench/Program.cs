using Notifier.Bench;

// dotnet run -c Release --project tests/bench -- parse FOLDER [rounds]
// dotnet run -c Release --project tests/bench -- chaos --kills 500 --seed 1
// dotnet run -c Release --project tests/bench -- deliver
// dotnet run -c Release --project tests/bench -- scale
// dotnet run --project tests/bench -- fakes
try
{
    return args switch
    {
        ["parse", var folder, .. var rest] => ParseBench.Run(folder, rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5),
        ["chaos", .. var options] => await Chaos.RunAsync(options),
        ["deliver", .. var options] => await DeliverBench.RunAsync(options),
        ["scale", .. var options] => await ScaleBench.RunAsync(options),
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
    Console.Error.WriteLine("usage: fakes                   Discord and Telegram on loopback, to try the service against");
    Console.Error.WriteLine("       parse FOLDER [rounds]   how fast the documents below a folder are read, beside a bare XmlReader pass");
    Console.Error.WriteLine("       chaos [--kills 500] [--seed N] [--minutes 120] [--json FILE] [--keep]   kills the service over and over and counts what is lost or comes twice");
    Console.Error.WriteLine("       deliver [ceiling|trouble|alone]   how much of the permitted rate the service reaches on both platforms; with four chats of a thousand in trouble, and without them");
    Console.Error.WriteLine("       scale [--feeds 100000] [--starts 3] [--rest 60] [--program Notifier.dll] [--json FILE]   start-up, memory, cost of a poll and of doing nothing with 10,000 and with so many feeds");
    return 64;
}
