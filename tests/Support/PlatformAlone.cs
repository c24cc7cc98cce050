using Microsoft.Extensions.DependencyInjection;
using Notifier.Bot.Secrets;
using Notifier.Chats;
using Notifier.Commands;
using Notifier.Deliveries;
using Notifier.Feeds.Fetching;
using Notifier.Model;
using Notifier.Polling;

namespace Notifier.Tests.Support;

/// <summary>A platform as the program has it, with nobody who listens or delivers around it: it does what the test says.</summary>
internal sealed class PlatformAlone<T> : IAsyncDisposable
    where T : class, IChatPlatform
{
    private readonly TempFolder _folder = new();
    private readonly ServiceProvider _services;

    public PlatformAlone(TimeProvider time, object options) => _services = new ServiceCollection()
        .AddLogging()
        .AddNotifierCore()
        .AddSingleton(time)
        .AddSingleton(_ => Storage.Open(_folder.File("notifier.db")))
        .AddSingleton(new SecretsFile(_folder.File(SecretsFile.Name)))
        .AddSingleton<KnownSecrets>()
        .AddSingleton(new PollOptions())
        .AddSingleton(new FetchOptions())
        .AddSingleton(new DeliveryOptions())
        .AddSingleton(new CommandOptions())
        .AddSingleton(options.GetType(), options)
        .AddSingleton<T>()
        .BuildServiceProvider();

    public T Platform => _services.GetRequiredService<T>();

    /// <summary>One of the parts around it.</summary>
    public TPart Part<TPart>()
        where TPart : notnull => _services.GetRequiredService<TPart>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
