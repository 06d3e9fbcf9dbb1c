using System.Reflection;
using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests;

public sealed class VendorsTests
{
    [Fact]
    public void Every_vendor_in_the_assembly_is_on_the_list()
    {
        var inTheAssembly = typeof(Vendors).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVendor)));

        Vendors.All(TimeProvider.System).Select(vendor => vendor.GetType()).Distinct().ShouldBe(inTheAssembly, ignoreOrder: true, "a vendor is not on the list in ConnectorRegistration.cs");
    }

    [Fact]
    public void Every_entry_of_the_list_has_a_name_of_its_own() => Vendors.All(TimeProvider.System).Select(vendor => vendor.Name).ShouldBeUnique();

    [Fact]
    public void Every_folder_of_a_vendor_has_a_vendor() => Listed().ShouldBe(Folders(typeof(Vendors).Assembly, _ => true).Where(name => name != "Kit"), ignoreOrder: true);

    [Fact]
    public void Every_vendor_inherits_the_connector_contract() =>
        Listed().ShouldBe(Folders(typeof(VendorsTests).Assembly, type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ConnectorContract))), ignoreOrder: true, "tests/ValueChainHub.Connectors.Tests/{vendor}/{vendor}ConnectorTests.cs inherits ConnectorContract");

    private static IEnumerable<string> Listed() => Vendors.All(TimeProvider.System).Select(vendor => FolderOf(vendor.GetType())!).Distinct();

    /// <summary>The folders of a project that hold such types.</summary>
    private static IEnumerable<string> Folders(Assembly assembly, Func<Type, bool> isMeant) => assembly.GetTypes().Where(isMeant).Select(FolderOf).OfType<string>().Distinct();

    private static string? FolderOf(Type type) => type.Namespace?.Replace("ValueChainHub.Connectors.Tests", "ValueChainHub.Connectors", StringComparison.Ordinal).Split('.') is ["ValueChainHub", "Connectors", var folder, ..] ? folder : null;

    [Theory]
    [InlineData("UPS", "ups")]
    [InlineData("UPS Mail Innovations", "ups")]
    [InlineData("United Parcel Service", "ups")]
    [InlineData("USPS", "usps")]
    [InlineData("United States Postal Service", "usps")]
    [InlineData("stamps_com", "usps")]
    [InlineData("FedEx SmartPost", "fedex")]
    [InlineData("Federal Express", "fedex")]
    [InlineData("DHL eCommerce", "dhl")]
    [InlineData("Canada Post", "canada_post")]
    [InlineData("Swift Couriers", "swiftcouriers")]
    [InlineData("Other", null)]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public void Carriers_have_one_name_however_they_are_written(string? carrier, string? family) => Carriers.Family(carrier).ShouldBe(family);
}
