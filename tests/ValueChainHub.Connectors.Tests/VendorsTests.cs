using ValueChainHub.Connectors.Kit;
using ValueChainHub.Core.Connectors;

namespace ValueChainHub.Connectors.Tests;

public sealed class VendorsTests
{
    [Fact]
    public void Every_vendor_in_the_assembly_is_on_the_list()
    {
        var inTheAssembly = typeof(Vendors).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IVendor)));

        Vendors.All(TimeProvider.System).Select(vendor => vendor.GetType()).Distinct().ShouldBe(inTheAssembly, ignoreOrder: true);
    }

    [Fact]
    public void Every_entry_of_the_list_has_a_name_of_its_own() => Vendors.All(TimeProvider.System).Select(vendor => vendor.Name).ShouldBeUnique();

    [Fact]
    public void Every_folder_of_a_vendor_has_a_vendor()
    {
        var folders = typeof(Vendors).Assembly.GetTypes().Select(type => type.Namespace).OfType<string>()
            .Where(name => name.StartsWith("ValueChainHub.Connectors.", StringComparison.Ordinal)).Select(name => name.Split('.')[2]).Distinct().Where(name => name != "Kit");

        Vendors.All(TimeProvider.System).Select(vendor => vendor.GetType().Namespace!.Split('.')[2]).Distinct().ShouldBe(folders, ignoreOrder: true);
    }

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
