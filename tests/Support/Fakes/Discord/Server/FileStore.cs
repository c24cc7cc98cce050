using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Notifier.Tests.Support.Fakes.Discord.Server;

/// <summary>Discord's files: kept under addresses that are keys by themselves, so that nobody needs a token for them, and nobody should show one.</summary>
internal sealed class FileStore(FakeDiscord discord)
{
    public const string Path = "/attachments/";

    private readonly ConcurrentDictionary<string, DiscordUpload> _files = new(StringComparer.Ordinal);

    /// <summary>Files are sent in pieces, without saying how long they are.</summary>
    public bool HidesLength { get; set; }

    /// <summary>Files are not there any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>Keeps a file, and gives what messages and interactions tell of it.</summary>
    /// <param name="toldSize">What Discord says of its size, where that is not true.</param>
    public JsonObject Keep(string channel, DiscordUpload file, int? toldSize = null)
    {
        // Whatever a file is called, its name in the address is harmless.
        var (id, name) = (discord.NextId(), Regex.Replace(file.Name, "[^A-Za-z0-9._-]", "_"));
        var address = $"{Path}{channel}/{id}/{name}?ex=1&is=1&hm={Guid.NewGuid():N}";
        _files[address] = file;
        var url = new Uri(discord.ApiUrl, address).AbsoluteUri;
        return new JsonObject
        {
            ["id"] = id,
            ["filename"] = name,
            ["size"] = toldSize ?? file.Content.Length,
            ["url"] = url,
            ["proxy_url"] = url,
            ["content_type"] = file.ContentType,
            ["ephemeral"] = true,
        };
    }

    /// <summary>The file at an address that a message tells.</summary>
    public DiscordUpload At(string url) => _files[new Uri(url).PathAndQuery];

    public async Task SendAsync(HttpContext http)
    {
        if (http.Request.Headers.ContainsKey("Authorization"))
            discord.Violate("GET a file: it was asked for with a token");
        if (!_files.TryGetValue(http.Request.Path + http.Request.QueryString, out var file) || IsGone)
        {
            http.Response.StatusCode = 404;
            return;
        }

        http.Response.ContentType = file.ContentType;
        if (!HidesLength)
            http.Response.ContentLength = file.Content.Length;
        try
        {
            foreach (var piece in file.Content.Chunk(64 * 1024))
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The bot has had enough.
            discord.Changed();
        }
    }
}
