using Microsoft.Extensions.DependencyInjection;

namespace Notifier.Chats;

/// <summary>The platforms of this process. Asked for late, since a platform needs the commands and some commands need the platforms.</summary>
public sealed class Platforms(IServiceProvider services)
{
    public IReadOnlyList<IChatPlatform> All => [.. services.GetServices<IChatPlatform>()];

    /// <summary>The platform of this name; null where it is not part of this process.</summary>
    public IChatPlatform? Find(string name) => All.FirstOrDefault(platform => platform.Name == name);
}
