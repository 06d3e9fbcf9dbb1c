using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Copies of an account inside another body.</summary>
internal static class AccountCopies
{
    /// <summary>A copy with all fields is a state of the whole; one with some writes each field for itself, so that it clears none of the others (SEMANTICS 2).</summary>
    public static void Write(TranslationDraft draft, EntityKey key, Account account, FacetVersion version, bool hasName, bool hasEmail, bool hasPhone)
    {
        if (!hasName && !hasEmail && !hasPhone)
            return;
        var isWhole = hasName && hasEmail && hasPhone;
        draft.Write(key, Homing.Account, FacetNames.Core, isWhole ? version : version with { Revision = null }, account);
        if (isWhole)
            return;
        var parts = new Account { Id = account.Id };
        if (hasName)
            draft.Write(key, Homing.Account, FacetNames.CoreField("name"), version, parts with { Name = account.Name });
        if (hasEmail)
            draft.Write(key, Homing.Account, FacetNames.CoreField("email"), version, parts with { Email = account.Email });
        if (hasPhone)
            draft.Write(key, Homing.Account, FacetNames.CoreField("phone"), version, parts with { Phone = account.Phone });
    }
}
