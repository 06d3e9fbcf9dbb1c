using ValueChainHub.Core.Delivery;

namespace ValueChainHub.Core.Drift;

/// <summary>Puts back what a repair has overwritten, where nobody changed it since.</summary>
internal sealed class UndoDrift(EchoGuard echoes, VendorPause pause)
{
    /// <summary>Older than any act: what is put back is no news when the vendor repeats it, and wins over nothing.</summary>
    private static readonly DateTimeOffset NoNews = DateTimeOffset.UnixEpoch;

    /// <summary>Answers the item with what became of each field that was repaired. Taken again after a crash, what is back already counts as restored.</summary>
    /// <exception cref="VendorPauseException">The destination cannot be asked or told now.</exception>
    public async ValueTask<DriftItem> RunAsync(IShowsCustomers destination, DriftItem item, CancellationToken cancellationToken)
    {
        var fields = item.Fields.ToList();
        foreach (var to in fields.Where(field => field.Outcome == DriftOutcomes.Repaired).Select(field => field.To!).Distinct().ToList())
        {
            var held = await ReadAsync(destination, to, cancellationToken);
            var judged = fields.Where(field => field.To == to && field.Outcome == DriftOutcomes.Repaired).ToDictionary(field => field, field => Judge(field, held));
            foreach (var field in await PutBackAsync(destination, to, [.. judged.Where(one => one.Value is null).Select(one => one.Key)], cancellationToken))
                judged[field] = DriftOutcomes.Unrestorable;
            fields = [.. fields.Select(field => judged.TryGetValue(field, out var outcome) ? field with { Outcome = outcome ?? DriftOutcomes.Restored } : field)];
        }
        return item with { Fields = fields };
    }

    /// <summary>Null: it is to be put back.</summary>
    private static string? Judge(DriftField field, HeldCustomer? held)
    {
        if (held is null)
            return DriftOutcomes.Unrestorable;
        var there = CustomerDrift.ValueOf(held, field.Field, field.Address);
        if (CustomerDrift.IsSame(field.Field, there.Text, field.Before!.Text))
            return DriftOutcomes.Restored;
        if (!CustomerDrift.IsSame(field.Field, there.Text, field.After!.Text))
            return DriftOutcomes.Changed;
        // What was never said cannot be said again, nor a name be made unknown.
        var isSaid = field.Before.Text is not null || field.Field.StartsWith(DriftFields.Fact(""), StringComparison.Ordinal);
        return isSaid && field.Before.Text != "pending" ? null : DriftOutcomes.Unrestorable;
    }

    /// <summary>Answers what the destination did not take.</summary>
    private async ValueTask<List<DriftField>> PutBackAsync(IShowsCustomers destination, Recipient to, List<DriftField> fields, CancellationToken cancellationToken)
    {
        var failed = new List<DriftField>();
        var state = fields.Where(field => field.Field == DriftFields.Name || field.Field.StartsWith(DriftFields.Fact(""), StringComparison.Ordinal)).ToList();
        if (state.Count > 0 && !await RestoreAsync(destination, to, state, cancellationToken))
            failed.AddRange(state);
        foreach (var field in fields.Where(field => field.Field.StartsWith(DriftFields.Consent(""), StringComparison.Ordinal)))
        {
            if (!await StateAsync(destination, to, field, cancellationToken))
                failed.Add(field);
        }
        var tags = fields.Where(field => field.Field.StartsWith(DriftFields.Tag(""), StringComparison.Ordinal)).ToList();
        if (tags.Count > 0 && !await SetAsync(destination, to, tags, cancellationToken))
            failed.AddRange(tags);
        return failed;
    }

    private async ValueTask<bool> RestoreAsync(IShowsCustomers destination, Recipient to, List<DriftField> fields, CancellationToken cancellationToken)
    {
        if (destination is not IRestoresFacts restores)
            return false;
        var name = fields.Find(field => field.Field == DriftFields.Name)?.Before!.Text;
        var facts = fields.Where(field => field.Field != DriftFields.Name).ToDictionary(field => field.Field[DriftFields.Fact("").Length..], field => field.Before!.Text, StringComparer.Ordinal);
        if (name is not null)
            await echoes.NoteAsync(destination.Name, to, new(name, to.Email, to.Phone), NoNews, cancellationToken);
        return await TellAsync(destination, token => restores.RestoreAsync(to, name, facts, token), cancellationToken);
    }

    private async ValueTask<bool> StateAsync(IShowsCustomers destination, Recipient to, DriftField field, CancellationToken cancellationToken)
    {
        if (destination is not ITakesConsent takes)
            return false;
        var channel = field.Field[DriftFields.Consent("").Length..];
        var consent = new ConsentToState(to, channel, field.Address!, "marketing", field.Before!.Text!, field.Before.At);
        await echoes.NoteAsync(destination.Name, consent with { ActAt = consent.ActAt ?? NoNews }, cancellationToken);
        return await TellAsync(destination, token => takes.StateConsentAsync(consent, token), cancellationToken);
    }

    private async ValueTask<bool> SetAsync(IShowsCustomers destination, Recipient to, List<DriftField> fields, CancellationToken cancellationToken)
    {
        if (destination is not ITakesTags takes)
            return false;
        var were = fields.ToLookup(field => field.Before!.Text, field => field.Field[DriftFields.Tag("").Length..]);
        return await TellAsync(destination, token => takes.SetTagsAsync(new(to, [.. were[TagStates.Present]], [.. were[TagStates.Absent]]), token), cancellationToken);
    }

    private async ValueTask<bool> TellAsync(IDestination destination, Func<CancellationToken, Task<WriteOutcome>> sendAsync, CancellationToken cancellationToken)
    {
        await pause.WaitAsync(destination, cancellationToken);
        var outcome = await sendAsync(cancellationToken);
        if (outcome is WriteOutcome.Failed failed && pause.Of(destination, failed.Kind, failed.Reason, failed.NotBefore) is { } later)
            throw later;
        return outcome is WriteOutcome.Written;
    }

    private async ValueTask<HeldCustomer?> ReadAsync(IShowsCustomers destination, Recipient of, CancellationToken cancellationToken)
    {
        await pause.WaitAsync(destination, cancellationToken);
        return await destination.ReadHeldAsync(of, cancellationToken) switch
        {
            HeldOutcome.Held held => held.Customer,
            HeldOutcome.Failed failed when pause.Of(destination, failed.Kind, failed.Reason, failed.NotBefore) is { } later => throw later,
            _ => null,
        };
    }
}
