namespace ValueChainHub.Heads.Tests.Infra;

/// <summary>The Bicep files hang together; and each check on a copy that breaks it, for a check that cannot fail says nothing.</summary>
public sealed class BicepTests
{
    [Fact]
    public void The_files_of_infra_hang_together() => InfraFolder.Checks.Problems().ShouldBeEmpty();

    [Fact]
    public void Every_file_is_used_from_a_file_of_parameters()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<string>(InfraFolder.Checks.Files.Where(file => file.Of("using").Any()).Select(file => file.Path));
        while (next.TryDequeue(out var path))
        {
            if (!used.Add(path))
                continue;
            var file = InfraFolder.File(path);
            foreach (var named in file.Of("using").Concat(file.Of("module")).Concat(file.Of("import")))
                next.Enqueue(file.Resolve(named.Target));
        }

        used.ShouldBe(InfraFolder.Checks.Files.Select(file => file.Path), ignoreOrder: true);
    }

    [Theory]
    [InlineData("main.bicep", "'modules/cosmos.bicep'", "'modules/cosmo.bicep'", "no module modules/cosmo.bicep")]
    [InlineData("main.bicep", "alertEmail: alertEmail", "email: alertEmail", "alerts sets email, which modules/alerts.bicep does not declare")]
    [InlineData("main.bicep", "alertEmail: alertEmail", "email: alertEmail", "alerts does not set alertEmail of modules/alerts.bicep")]
    [InlineData("modules/alerts.bicep", "param budgetStart string\n", "param budgetStart string\nparam more string\n", "alerts does not set more of modules/alerts.bicep")]
    [InlineData("modules/cosmos.bicep", "output endpoint", "output address", "cosmos has no output endpoint")]
    [InlineData("modules/network.bicep", "output functionsSubnetId", "output subnetId", "network has no output functionsSubnetId")]
    [InlineData("modules/cosmos.bicep", "parent: account", "parent: acount", "nothing is called acount")]
    [InlineData("modules/cosmos.bicep", "'${account.id}/dbs", "'${acount.id}/dbs", "nothing is called acount")]
    [InlineData("modules/functions.bicep", "secret => replace(secret,", "secret => replace(secrt,", "nothing is called secrt")]
    [InlineData("modules/functions.bicep", "value: storageName", "value: listKeys(storageName)", "nothing is called listKeys")]
    [InlineData("modules/monitor.bicep", "param tags object", "param tags object\nparam spare string = ''", "spare is not used")]
    [InlineData("modules/monitor.bicep", "param tags object", "param tags object\nparam tags object", "tags is declared twice")]
    [InlineData("modules/monitor.bicep", "import { roles }", "import { rolls }", "modules/roles.bicep has no rolls")]
    [InlineData("modules/storage.bicep", "storageAccounts@2024-01-01", "storageAccounts@2024", "Microsoft.Storage/storageAccounts@2024 is not a type with a version")]
    [InlineData("modules/storage.bicep", "parent: blobs", "parent: account", "packages is not below account")]
    [InlineData("modules/cosmos.bicep", "hub.partitionKey", "hub.partitionPath", "hub.partitionPath: not in the JSON")]
    [InlineData("modules/cosmos.bicep", "hub.database", "hub.databaseName", "hub.databaseName: not in the JSON")]
    [InlineData("modules/cosmos.bicep", "'../hub.json'", "'../hubs.json'", "no file ../hubs.json")]
    [InlineData("alerts.json", "\"severity\": 3", "\"sev\": 3", "alert.severity: not in the JSON")]
    [InlineData("main.dev.bicepparam", "using 'main.bicep'", "using 'mains.bicep'", "no template mains.bicep")]
    [InlineData("main.dev.bicepparam", "param monthlyBudget", "param budget", "does not set monthlyBudget of main.bicep")]
    [InlineData("main.prod.bicepparam", "param backupDays", "param backupWeeks", "sets backupWeeks, which main.bicep does not declare")]
    [InlineData("main.prod.bicepparam", "  logDays: 90\n", "", "scale has not the members of Scale")]
    public void Notices(string file, string right, string wrong, string problem)
    {
        InfraFolder.Texts[file].ShouldContain(right);
        var broken = InfraFolder.Texts.ToDictionary(one => one.Key, one => one.Key == file ? one.Value.Replace(right, wrong, StringComparison.Ordinal) : one.Value);

        new BicepChecks(broken).Problems().ShouldContain(line => line.EndsWith(": " + problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("param a string = 'open\n")]
    [InlineData("var a = { b: 1 ]]\n")]
    [InlineData("parm a string\n")]
    public void Refuses_what_it_cannot_read(string source) => Should.Throw<FormatException>(() => new BicepFile("a.bicep", source));
}
