using Notifier.Bench;

// dotnet run -c Release --project tests/bench -- parse FOLDER [rounds]
return args switch
{
    ["parse", var folder, .. var rest] => ParseBench.Run(folder, rest is [var rounds] ? int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture) : 5),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: parse FOLDER [rounds]   how fast the documents below a folder are read, beside a bare XmlReader pass");
    return 64;
}
