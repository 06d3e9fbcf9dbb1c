using System.Text.Json.Serialization;
using Refit;

namespace ValueChainHub.Connectors.Kit;

/// <summary>Makes the clients of vendors' APIs, all in the same way.</summary>
internal static class VendorClient
{
    /// <summary>A client of an interface, at an address, whose bodies are written by generated code.</summary>
    /// <param name="wire">What carries the calls.</param>
    /// <param name="address">Scheme and host; the interface knows the paths.</param>
    /// <param name="json">The types that its bodies have.</param>
    public static T Of<T>(HttpMessageHandler wire, Uri address, JsonSerializerContext json) =>
        RestService.For<T>(new HttpClient(wire) { BaseAddress = address }, new RefitSettings(new SystemTextJsonContentSerializer(json.Options)) { Buffered = true });
}
