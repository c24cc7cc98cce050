using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Notifier.Model;

/// <summary>Everything Notifier remembers. Read through <see cref="Storage.Read"/>; written only inside <see cref="Writer.RunAsync{T}"/>.</summary>
public sealed class NotifierDb(DbContextOptions<NotifierDb> options) : DbContext(options)
{
    public DbSet<Feed> Feeds => Set<Feed>();

    public DbSet<FeedMemory> FeedMemories => Set<FeedMemory>();

    public DbSet<Entry> Entries => Set<Entry>();

    public DbSet<StoryPrint> StoryPrints => Set<StoryPrint>();

    public DbSet<Chat> Chats => Set<Chat>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<Sending> Sendings => Set<Sending>();

    public DbSet<Lease> Leases => Set<Lease>();

    public DbSet<ProcessedUpdate> ProcessedUpdates => Set<ProcessedUpdate>();

    public DbSet<AuditLine> AuditLines => Set<AuditLine>();

    public DbSet<FeedCredential> FeedCredentials => Set<FeedCredential>();

    public DbSet<IncomingUpdate> IncomingUpdates => Set<IncomingUpdate>();

    public DbSet<OfferedAction> OfferedActions => Set<OfferedAction>();

    public DbSet<Operator> Operators => Set<Operator>();

    public DbSet<PlatformFact> PlatformFacts => Set<PlatformFact>();

    /// <summary>The writer's prepared statements, in its transaction; for its closures alone.</summary>
    internal Statements Statements { get; set; } = null!;

    /// <summary>The chat at this address, made if it is new; inside the writer's transaction.</summary>
    /// <param name="language">Of a new one; null for English.</param>
    public Chat FindOrAddChat(ChatAddress where, DateTimeOffset now, string? language = null)
    {
        if (Chats.SingleOrDefault(c => c.Platform == where.Platform && c.Address == where.Id && c.Thread == where.Thread) is { } known)
        {
            known.GoneSince = null;
            return known;
        }

        var chat = new Chat { Platform = where.Platform, Address = where.Id, Thread = where.Thread, CreatedAt = now };
        chat.Language = language ?? chat.Language;
        Chats.Add(chat);
        SaveChanges();
        return chat;
    }

    /// <summary>The language of the chat at this address; null where nothing is known of it.</summary>
    public string? LanguageOf(ChatAddress where) =>
        Chats.Where(c => c.Platform == where.Platform && c.Address == where.Id && c.Thread == where.Thread).Select(c => c.Language).SingleOrDefault();

    /// <summary>The chat at this address; null where nothing is known of it.</summary>
    public Chat? ChatAt(ChatAddress where) => Chats.SingleOrDefault(c => c.Platform == where.Platform && c.Address == where.Id && c.Thread == where.Thread);

    /// <summary>The titles of these feeds, by their address; those without a title, and those that need a login, are left out.</summary>
    public IReadOnlyDictionary<string, string> TitlesOf(IReadOnlyCollection<string> urls) => Feeds.Where(f => urls.Contains(f.Url) && f.Credential == "" && f.Title != null)
        .Select(f => new { f.Url, f.Title }).ToDictionary(f => f.Url, f => f.Title!, StringComparer.Ordinal);

    /// <summary>The guild or group of a chat, as far as it or another thread of it is known; empty for none.</summary>
    public string SpaceOf(ChatAddress where) =>
        Chats.Where(c => c.Platform == where.Platform && c.Address == where.Id && c.Space != "").Select(c => c.Space).FirstOrDefault() ?? "";

    /// <summary>Times are UTC; SQLite cannot compare <see cref="DateTimeOffset"/>, so they are stored as ticks. Enums are stored by name.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<FeedState>().HaveConversion<string>();
        configurationBuilder.Properties<DeliveryState>().HaveConversion<string>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Feed>(feed =>
        {
            feed.HasIndex(f => new { f.Url, f.Credential }).IsUnique();
            feed.HasIndex(f => f.NextPoll).HasFilter("NextPoll IS NOT NULL");
            feed.Property(f => f.FullText).HasDefaultValue(false);
        });
        modelBuilder.Entity<FeedMemory>(memory =>
        {
            memory.HasKey(m => m.FeedId);
            memory.Property(m => m.FeedId).ValueGeneratedNever();
            memory.HasOne<Feed>().WithOne().HasForeignKey<FeedMemory>(m => m.FeedId);
        });
        modelBuilder.Entity<Entry>(entry =>
        {
            entry.HasIndex(e => new { e.FeedId, e.IdPrint });
            entry.HasIndex(e => e.FirstSeen);
            entry.HasIndex(e => e.StoryId).HasFilter("StoryId IS NOT NULL");
            entry.HasOne<Feed>().WithMany().HasForeignKey(e => e.FeedId);
            entry.Ignore(e => e.Date);
            entry.Ignore(e => e.Audio);
            entry.Property(e => e.Categories).HasConversion<JsonList, ListEquality>();
        });
        modelBuilder.Entity<StoryPrint>(print =>
        {
            print.HasKey(p => new { p.Print, p.EntryId });
            print.HasIndex(p => p.FirstSeen);
        });
        modelBuilder.Entity<Chat>(chat =>
        {
            chat.HasIndex(c => new { c.Platform, c.Address, c.Thread }).IsUnique();
            chat.HasIndex(c => new { c.Platform, c.Space }).HasFilter("Space<>''");
            chat.HasIndex(c => c.NotBefore).HasFilter("NotBefore IS NOT NULL");
            chat.Ignore(c => c.Where);
        });
        modelBuilder.Entity<Subscription>(subscription =>
        {
            subscription.HasIndex(s => new { s.ChatId, s.FeedId }).IsUnique();
            subscription.HasIndex(s => new { s.ChatId, s.Number });
            subscription.HasIndex(s => s.FeedId);
            subscription.HasIndex(s => s.FeedId, "IX_Subscriptions_FeedId_DeletesWithdrawn").HasFilter("DeletesWithdrawn");
            subscription.Property(s => s.DeletesWithdrawn).HasDefaultValue(false);
            subscription.HasIndex(s => s.EndedAt).HasFilter("EndedAt IS NOT NULL");
            subscription.HasOne<Chat>().WithMany().HasForeignKey(s => s.ChatId);
            subscription.HasOne<Feed>().WithMany().HasForeignKey(s => s.FeedId);
        });
        modelBuilder.Entity<Delivery>(delivery =>
        {
            delivery.HasIndex(d => new { d.ChatId, d.Key }).IsUnique();
            delivery.Property(d => d.AskedFor).HasDefaultValue(false);
            delivery.HasIndex(d => new { d.ChatId, d.FeedId, d.Id }).HasFilter("EndedAt IS NULL");
            delivery.HasIndex(d => d.DueAt).HasFilter("EndedAt IS NULL AND DueAt IS NOT NULL");
            delivery.HasIndex(d => d.EndedAt).HasFilter("EndedAt IS NOT NULL");
            delivery.HasIndex(d => d.SendingId).HasFilter("SendingId IS NOT NULL");
            delivery.HasIndex(d => d.EntryId).HasFilter("EntryId IS NOT NULL");
            delivery.HasOne<Chat>().WithMany().HasForeignKey(d => d.ChatId);
        });
        modelBuilder.Entity<Sending>(sending =>
        {
            sending.HasIndex(s => s.Nonce).IsUnique();
            sending.HasIndex(s => s.EditDue).HasFilter("EditDue IS NOT NULL");
            sending.HasIndex(s => s.DeleteDue).HasFilter("DeleteDue IS NOT NULL");
            sending.HasIndex(s => s.LostAnswers).HasFilter("LostAnswers>0");
            sending.Property(s => s.Edits).HasDefaultValue(0);
            sending.HasOne<Chat>().WithMany().HasForeignKey(s => s.ChatId);
        });
        modelBuilder.Entity<Lease>().HasKey(l => l.Role);
        modelBuilder.Entity<ProcessedUpdate>(update =>
        {
            update.HasKey(u => new { u.Platform, u.UpdateId });
            update.HasIndex(u => u.At);
        });
        modelBuilder.Entity<AuditLine>().HasIndex(a => new { a.ChatId, a.Id });
        modelBuilder.Entity<FeedCredential>().HasKey(c => c.Key);
        modelBuilder.Entity<IncomingUpdate>(update =>
        {
            update.HasIndex(u => new { u.Platform, u.UpdateId }).IsUnique();
            update.HasIndex(u => u.HandledAt);
        });
        modelBuilder.Entity<OfferedAction>(action =>
        {
            action.HasKey(a => a.Token);
            action.HasIndex(a => a.Until);
        });
        modelBuilder.Entity<Operator>().HasKey(o => new { o.Platform, o.Person });
        modelBuilder.Entity<PlatformFact>().HasKey(f => new { f.Platform, f.Name });
    }

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private sealed class JsonList() : ValueConverter<IReadOnlyList<string>, string>(
        list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<string[]>(json, JsonSerializerOptions.Default) ?? Array.Empty<string>());

    private sealed class ListEquality() : ValueComparer<IReadOnlyList<string>>(
        (a, b) => a == b || (a != null && b != null && a.SequenceEqual(b)),
        list => list.Count,
        list => list);
}
