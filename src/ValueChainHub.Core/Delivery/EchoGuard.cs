using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;
using ValueChainHub.Core.Storage;

namespace ValueChainHub.Core.Delivery;

/// <summary>Notes what the hub is about to write, and knows it again when the vendor repeats it: then it is told with the time of the customer's own act, and answered with no write.</summary>
/// <remarks>
/// A note is made before the call, because the echo may come before the call's own answer, and is never changed; only notes made before the delivery came are asked. So the same delivery is read the
/// same way whenever it is read, which sweeps, replays and the ledger's recount rely on.
/// </remarks>
public sealed class EchoGuard(IHubStore store, DerivedIds ids, ConnectorCatalog connectors, TimeProvider time)
{
    private const string Contact = "contact";
    private const string Restated = "restated";

    /// <summary>Clocks differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>So many writes of one register may be on their way back at once.</summary>
    private const int NotesRead = 20;

    /// <summary>A contact that a vendor states later than this after it was written, it does not repeat.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Of consent there are two words only, and who changes their mind twice says the first again: a denial must not be lost for that. A repetition that comes later costs the others one call.
    /// The same holds for a contact that is only said again because something else was written.
    /// </summary>
    private static readonly TimeSpan ShortWindow = TimeSpan.FromMinutes(2);

    /// <summary>The state is about to be written, whose last word is of <paramref name="actAt"/>.</summary>
    internal ValueTask NoteAsync(string connector, Recipient to, CustomerContact contact, DateTimeOffset? actAt, CancellationToken cancellationToken) =>
        AddressOf(connector, to.AccountId, contact.Email, contact.Phone) is { } address
            ? NoteAsync(connector, address, Contact, PrintsOf(contact.Name, contact.Email, contact.Phone), actAt, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>The consent is about to be written.</summary>
    internal ValueTask NoteAsync(string connector, ConsentToState consent, CancellationToken cancellationToken) =>
        AddressOf(consent.Channel, consent.Address) is { } address
            ? NoteAsync(connector, address, RegisterOf(consent.Channel, consent.Purpose), [Print(consent.State)], consent.ActAt, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>
    /// Something else of an account is about to be written, which makes the vendor tell all of it with a new time: the contact that the account had before is no newer word for that.
    /// Nothing is noted of an account that was never described.
    /// </summary>
    internal ValueTask NoteRestatedAsync(string connector, Account? heard, DateTimeOffset? heardAt, CancellationToken cancellationToken) =>
        heard is not null && heardAt is not null && AddressOf(connector, heard.Id, heard.Email, heard.Phone) is { } address
            ? NoteAsync(connector, address, Restated, WholeOf(heard), heardAt, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>The delivery as it is folded: what repeats the hub's own writes, with the times of the acts behind them.</summary>
    internal async ValueTask<FoldInput> SettleAsync(FoldInput input, CancellationToken cancellationToken)
    {
        if (!connectors.IsDestination(input.Connector))
            return input;
        var (changes, events, echoes) = (input.Translation.Entities.ToList(), input.Translation.Events.ToList(), new HashSet<ChainEventDraft>());
        for (var i = 0; i < changes.Count; i++)
        {
            foreach (var facet in changes[i].Homing == Homing.Account ? changes[i].Facets : [])
            {
                if (await NoteOfAsync(input, changes[i].Key, facet, cancellationToken) is not { } note)
                    continue;
                var own = Retold(facet, note.ActAt);
                changes[i] = changes[i] with { Facets = [.. changes[i].Facets.Select(one => one == facet ? own : one)] };
                Retell(events, echoes, changes[i].Key, facet, own, note.ActAt);
            }
        }
        return echoes.Count == 0 && changes.SequenceEqual(input.Translation.Entities)
            ? input
            : input with { Translation = input.Translation with { Entities = changes, Events = events }, Echoes = echoes };
    }

    private async ValueTask<EchoNote?> NoteOfAsync(FoldInput input, EntityKey account, Facet facet, CancellationToken cancellationToken)
    {
        if (facet.Name.StartsWith("consent/", StringComparison.Ordinal))
        {
            var consent = ChainJson.Read<Consent>(facet.Value);
            return AddressOf(consent.Channel, consent.Address) is { } address
                ? await FindAsync(input, [address], RegisterOf(consent.Channel, consent.Purpose), [Print(consent.State)], facet.Version.Revision, cancellationToken)
                : null;
        }
        if (facet.Name != FacetNames.Core)
            return null;
        var core = ChainJson.Read<Account>(facet.Value);
        List<Identifier> addresses = [.. new[] { Identifier.Email(core.Email), Identifier.Phone(core.Phone), Identifier.Account(account.Connector, account.Id) }.OfType<Identifier>()];
        return await FindAsync(input, addresses, Contact, PrintsOf(core.Name, core.Email, core.Phone), facet.Version.Revision, cancellationToken)
            ?? await FindAsync(input, addresses[..1], Restated, WholeOf(core), facet.Version.Revision, cancellationToken);
    }

    /// <summary>The note that the statement repeats: of what was written shortly before it, or of which the vendor took over the time.</summary>
    private async ValueTask<EchoNote?> FindAsync(
        FoldInput input, IReadOnlyList<Identifier> addresses, string register, IReadOnlyList<string?> prints, DateTimeOffset? saidAt, CancellationToken cancellationToken)
    {
        var at = saidAt ?? input.ReceivedAt;
        foreach (var address in addresses)
        {
            // Only notes made before the delivery came: those made since would make the same delivery read another way.
            var range = new IdRange($"{register}|", IdOf(register, input.ReceivedAt) + "~", Descending: true);
            var items = await store.ReadRangeAsync(HubContainers.Work, PartitionOf(input.Connector, address), range, NotesRead, cancellationToken);
            var notes = items.Select(item => EchoNote.Read(item.Body)).ToList();
            if (Repeated(notes, prints, at, register == Contact ? Window : ShortWindow) is { } repeated)
                return repeated;
            if (notes is [var last, ..] && last.ActAt == saidAt && last.Says(prints))
                return last;
        }
        return null;
    }

    /// <summary>Newest first. Several writes may be on their way back at once; but what was certainly written over before is not repeated any more: a person says it again.</summary>
    private static EchoNote? Repeated(List<EchoNote> notes, IReadOnlyList<string?> prints, DateTimeOffset at, TimeSpan window)
    {
        foreach (var note in notes.Where(note => note.At <= at + Skew && at - note.At <= window))
        {
            if (note.Says(prints))
                return note;
            if (note.At < at - Skew)
                return null;
        }
        return null;
    }

    private async ValueTask NoteAsync(string connector, Identifier address, string register, IReadOnlyList<string?> prints, DateTimeOffset? actAt, CancellationToken cancellationToken)
    {
        var note = new EchoNote(time.GetUtcNow(), actAt, prints);
        var put = new WriteOperation.Put(IdOf(register, note.At), note.Write(), HubContainers.InboxRetention);
        await store.CommitAsync(HubContainers.Work, PartitionOf(connector, address), [put], cancellationToken);
    }

    /// <summary>The register with the time of the act, as the copy that it is, so that who said it first stays its source; left as it is where nobody knows that time.</summary>
    private static Facet Retold(Facet facet, DateTimeOffset? actAt)
    {
        if (actAt is null)
            return facet;
        var value = facet.Name == FacetNames.Core ? facet.Value : ChainJson.Write(ChainJson.Read<Consent>(facet.Value) with { ActAt = actAt });
        return facet with { Version = facet.Version with { Revision = actAt, Source = SourceClass.Embedded }, Value = value };
    }

    private static void Retell(List<ChainEventDraft> events, HashSet<ChainEventDraft> echoes, EntityKey subject, Facet said, Facet own, DateTimeOffset? actAt)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Subject != subject || events[i].Data != said.Value)
                continue;
            events[i] = events[i] with { Data = own.Value, Time = actAt ?? events[i].Time };
            echoes.Add(events[i]);
        }
    }

    private static Identifier? AddressOf(string channel, string address) => channel == "email" ? Identifier.Email(address) : Identifier.Phone(address);

    private static Identifier? AddressOf(string connector, string? accountId, string? email, string? phone) =>
        Identifier.Email(email) ?? Identifier.Phone(phone) ?? (accountId is null ? null : Identifier.Account(connector, accountId));

    private static string?[] PrintsOf(string? name, string? email, string? phone) =>
        [Print(name), Print(Identifier.Email(email)?.Value), Print(Identifier.Phone(phone)?.Value)];

    /// <summary>One print of all: what is not there must not be there either.</summary>
    private static string?[] WholeOf(Account account) => [Print($"{account.Name}\n{Identifier.Email(account.Email)?.Value}\n{Identifier.Phone(account.Phone)?.Value}")];

    private static string? Print(string? text) => text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

    private static string RegisterOf(string channel, string purpose) => $"consent-{channel}-{purpose}";

    private static string IdOf(string register, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{register}|{at.UtcTicks:D19}");

    private string PartitionOf(string connector, Identifier address) => $"echo-{connector}-{ids.Of(address)}";
}

/// <summary>What was about to be written. <paramref name="Prints"/>: digests of its fields; null where nothing was written.</summary>
internal sealed record EchoNote(DateTimeOffset At, DateTimeOffset? ActAt, IReadOnlyList<string?> Prints)
{
    /// <summary>Every field that was written is said again.</summary>
    public bool Says(IReadOnlyList<string?> prints) => Prints.Zip(prints).All(pair => pair.First is null || pair.First == pair.Second);

    public static EchoNote Read(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, DeliveryContext.Default.EchoNote)!;

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this, DeliveryContext.Default.EchoNote);
}
