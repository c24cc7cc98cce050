using System.Text.Json;
using System.Text.RegularExpressions;
using Notifier.Tests.Feeds;

namespace Notifier.Tests.House;

/// <summary>Where the program can talk to others from: the guarded fetcher, and each platform's own client.</summary>
public sealed partial class OutgoingTests
{
    private static readonly string[] Allowed =
    [
        "core/Feeds/Fetching/",
        "bot/Discord/Rest/",
        "bot/Discord/Gateway/",
        "bot/Telegram/TelegramClient.cs",
        "bot/Telegram/TokenHandler.cs",
        // They ask this very program, at the address it was told to listen on.
        "bot/Web/LiveProbe.cs",
        "bot/Web/OwnAddress.cs",
    ];

    [Fact]
    public void A23_Nothing_else_opens_connections()
    {
        var files = new[] { "core", "bot" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => (Path: Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
            .Where(file => Opens(file.Text))
            .Select(file => file.Path)
            .ToList();

        Assert.All(files, file => Assert.Contains(Allowed, file.StartsWith));
        Assert.All(Allowed, place => Assert.Contains(files, file => file.StartsWith(place, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("using var http = new HttpClient();")]
    [InlineData("private readonly HttpClient _http = new() { Timeout = Patience };")]
    [InlineData("new HttpMessageInvoker(handler)")]
    [InlineData("services.AddHttpClient();")]
    [InlineData("new SocketsHttpHandler { UseProxy = false }")]
    [InlineData("new HttpClientHandler()")]
    [InlineData("new TcpClient(host, 80)")]
    [InlineData("new System.Net.Sockets.Socket(SocketType.Stream, ProtocolType.Tcp)")]
    [InlineData("new WebClient().DownloadString(url)")]
    [InlineData("WebRequest.Create(url)")]
    [InlineData("new ClientWebSocket()")]
    [InlineData("XmlReader.Create(\"http://example.org/\"); new XmlUrlResolver()")]
    public void A23_What_opens_one_is_seen(string code) => Assert.True(Opens(code));

    [Theory]
    [InlineData("/// <summary>As <see cref=\"SocketsHttpHandler.ConnectCallback\"/> wants it.</summary>")]
    [InlineData("catch (SocketException fault)")]
    [InlineData("private readonly GatewaySocket _socket;")]
    [InlineData("// new HttpClient would do")]
    public void A23_What_only_speaks_of_it_is_let_be(string code) => Assert.False(Opens(code));

    [Fact]
    public void A22_The_program_has_no_HTTP3()
    {
        using var settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory.Replace("Notifier.Tests", "Notifier.Bot", StringComparison.Ordinal), "Notifier.runtimeconfig.json")));

        Assert.False(settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.Net.SocketsHttpHandler.Http3Support").GetBoolean());
    }

    private static bool Opens(string code) => code.Split('\n').Any(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Opening().IsMatch(line));

    [GeneratedRegex(@"\b(HttpClient|HttpMessageInvoker|AddHttpClient|IHttpClientFactory|SocketsHttpHandler|HttpClientHandler|TcpClient|UdpClient|TcpListener|Socket|WebClient|WebRequest|HttpWebRequest|ClientWebSocket|QuicConnection|Ping|SmtpClient|XmlUrlResolver)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Opening();
}
