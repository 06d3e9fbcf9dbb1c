namespace ValueChainHub.Sandbox.Vendors.Klaviyo;

/// <summary>The calls of a minute that an account is granted, by the size of the operation (FACTS 12).</summary>
public sealed record KlaviyoLimits(int Events = 3_500, int Profiles = 700, int Small = 150, int Webhooks = 15);
