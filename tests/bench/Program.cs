using Notifier.Bench;

// dotnet run -c Release --project tests/bench -- parse FOLDER --filter realworld-*
// dotnet run -c Release --project tests/bench -- micro *Parse*
// dotnet run -c Release --project tests/bench -- chaos --kills 500 --seed 1
// dotnet run -c Release --project tests/bench -- deliver
// dotnet run --project tests/bench -- fakes
try
{
    return args switch
    {
        ["parse", .. var options] => ParseBench.Run(options),
        ["micro", .. var rest] => Micro.Run(rest is [var filter] ? filter : "*"),
        ["chaos", .. var options] => await Chaos.RunAsync(options),
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
    Console.Error.WriteLine("usage: fakes                   Discord and Telegram on loopback, to try the service against");
    Console.Error.WriteLine("       parse FOLDER [--rounds 5] [--filter realworld-*] [--json FILE]   how fast the documents below a folder are read, beside a bare XmlReader pass; the filter is for the manifest's categories or the files' names");
    Console.Error.WriteLine("       micro [*Parse*]         the small hot paths, by BenchmarkDotNet");
    Console.Error.WriteLine("       chaos [--kills 500] [--seed N] [--minutes 120] [--json FILE] [--keep]   kills the service over and over and counts what is lost or comes twice");
    Console.Error.WriteLine("       deliver [ceiling|trouble|alone]   how much of the permitted rate the service reaches on both platforms; with four chats of a thousand in trouble, and without them");
    return 64;
}
