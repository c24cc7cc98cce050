using System.Net;
using System.Net.Http.Headers;
using System.Xml;

namespace Notifier.Bench;

/// <summary>What this machine does without us: bare requests, and a bare XmlReader pass over what came, with the same number at once.</summary>
internal sealed class BareLimit(Uri root, int feeds, int concurrency) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency, AutomaticDecompression = DecompressionMethods.All });
    private readonly EntityTagHeaderValue?[] _tags = new EntityTagHeaderValue?[feeds];

    /// <summary>Conditional requests that are answered 304, a second.</summary>
    public Task<Measure> ConditionalAsync() => EachAsync(conditional: true, reads: false);

    /// <summary>Whole documents, a second.</summary>
    public Task<Measure> GetAsync() => EachAsync(conditional: false, reads: false);

    /// <summary>Whole documents that are read through by XmlReader as well, a second.</summary>
    public Task<Measure> GetAndReadAsync() => EachAsync(conditional: false, reads: true);

    public void Dispose() => _http.Dispose();

    /// <summary>The least anybody can do with XML; documents that are not well-formed end early, in its favour.</summary>
    public static void Read(byte[] document)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
            while (reader.Read())
            {
                if (reader.HasValue)
                    _ = reader.Value.Length;
            }
        }
        catch (XmlException)
        {
            return;
        }
    }

    private async Task<Measure> EachAsync(bool conditional, bool reads)
    {
        var watch = Watch.Start();
        await Parallel.ForEachAsync(Enumerable.Range(0, feeds), new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (feed, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(root, $"{feed}.xml"));
            if (conditional && _tags[feed] is { } tag)
                request.Headers.IfNoneMatch.Add(tag);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            _tags[feed] = response.Headers.ETag;
            if (response.StatusCode == HttpStatusCode.NotModified)
                return;
            var document = await response.Content.ReadAsByteArrayAsync(ct);
            if (reads)
                Read(document);
        });
        return watch.Of(feeds);
    }
}
