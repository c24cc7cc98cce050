using Microsoft.Playwright;

namespace Notifier.Tests.Web;

/// <summary>
/// Debian's chromium, one for all tests of a class. Without it the tests skip themselves, but on the build server its absence is a failure.
/// It loads from loopback alone: any other address is refused, and remembered.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window of its own on a site; what it complains of and what it asks others for is written down.</summary>
    internal async Task<Window> OpenAsync(Uri site, int width, ColorScheme scheme)
    {
        var missing = _browser is null ? $"There is no {Chromium}: install Debian's package chromium, or let tests/run do it." : null;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(missing is null, missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.AbsoluteUri,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        return await Window.OnAsync(context, site);
    }

    /// <summary>A browser window that has a page of ours.</summary>
    internal sealed class Window : IAsyncDisposable
    {
        private readonly IBrowserContext _context;
        private readonly List<string> _complaints = [];
        private readonly List<string> _strangers = [];

        private Window(IBrowserContext context, IPage page)
        {
            (_context, Page) = (context, page);
            page.Console += (_, message) => _complaints.Add($"{message.Type}: {message.Text}");
            page.PageError += (_, error) => _complaints.Add(error);
            page.RequestFailed += (_, request) => _complaints.Add($"{request.Url}: {request.Failure}");
        }

        public IPage Page { get; }

        /// <summary>What the console says: scripts, refused resources, broken requests.</summary>
        public IReadOnlyList<string> Complaints => _complaints;

        /// <summary>Requests for what is not on the site.</summary>
        public IReadOnlyList<string> Strangers => _strangers;

        internal static async Task<Window> OnAsync(IBrowserContext context, Uri site)
        {
            var window = new Window(context, await context.NewPageAsync());
            await context.RouteAsync("**/*", async route =>
            {
                if (new Uri(route.Request.Url) is { Scheme: not "data" } asked && asked.Authority != site.Authority)
                {
                    window._strangers.Add(route.Request.Url);
                    await route.AbortAsync();
                    return;
                }

                await route.ContinueAsync();
            });
            return window;
        }

        public ValueTask DisposeAsync() => _context.DisposeAsync();
    }
}
