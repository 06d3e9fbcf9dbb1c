using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Delivery;
using ValueChainHub.Core.Intake;
using ValueChainHub.Core.Reconciliation;
using ValueChainHub.Core.Replay;
using ValueChainHub.Core.Runs;
using ValueChainHub.Hosting.Documents;
using ValueChainHub.Hosting.Operations;

namespace ValueChainHub.Hosting;

/// <summary>The JSON of the HTTP contract: camel case, unknown left out, times in UTC.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeJsonConverter)])]
[JsonSerializable(typeof(CustomerRecord))]
[JsonSerializable(typeof(CustomerQuery))]
[JsonSerializable(typeof(CustomerProfiles))]
[JsonSerializable(typeof(PageReply<CustomerRecord>))]
[JsonSerializable(typeof(PageReply<OrderSummary>))]
[JsonSerializable(typeof(PageReply<ChainCloudEvent>))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(WebhookReply))]
[JsonSerializable(typeof(MergeRequest))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(DiscardRequest))]
[JsonSerializable(typeof(DeliveryActReply))]
[JsonSerializable(typeof(DeliveryDetails))]
[JsonSerializable(typeof(PageReply<DeliveryDetails>))]
[JsonSerializable(typeof(LedgerReply))]
[JsonSerializable(typeof(LedgerVerdict))]
[JsonSerializable(typeof(PageReply<DeadLetterReply>))]
[JsonSerializable(typeof(PageReply<Route>))]
[JsonSerializable(typeof(RouteChangesRequest))]
[JsonSerializable(typeof(WalkAsked))]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(ReplayRequest))]
[JsonSerializable(typeof(PageReply<Run>))]
[JsonSerializable(typeof(DriftRunRequest))]
[JsonSerializable(typeof(PageReply<DestinationDriftReply>))]
[JsonSerializable(typeof(CostReply))]
[JsonSerializable(typeof(PageReply<ConnectorReply>))]
[JsonSerializable(typeof(HealthReply))]
[JsonSerializable(typeof(GladlyLookupRequest))]
[JsonSerializable(typeof(GladlyLookupReply))]
internal sealed partial class HubJson : JsonSerializerContext
{
    public static JsonTypeInfo TypeInfo(Type type) => Default.GetTypeInfo(type) ?? throw new ArgumentException($"{type.Name} is not on the list of HubJson.", nameof(type));
}

/// <summary>The JSON as it goes over the wire: letters stay letters. The answers are JSON and nothing else, so nothing in them is read as markup.</summary>
internal static class HubWire
{
    public static HubJson Json { get; } = new(new JsonSerializerOptions(HubJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
