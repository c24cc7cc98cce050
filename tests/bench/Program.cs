using Notifier.Bench;

// dotnet run -c Release --project tests/bench -- parse FOLDER [rounds]
// dotnet run --project tests/bench -- fakes
return args switch
{
    ["parse", var folder, .. var rest] => ParseBench.Run(folder, rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5),
    ["fakes"] => await Fakes.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: fakes                   Discord and Telegram on loopback, to try the service against");
    Console.Error.WriteLine("       parse FOLDER [rounds]   how fast the documents below a folder are read, beside a bare XmlReader pass");
    return 64;
}
