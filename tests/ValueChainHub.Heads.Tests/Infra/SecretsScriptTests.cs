using System.Diagnostics;
using ValueChainHub.Heads.Tests.Conventions;
using ValueChainHub.Heads.Tests.Support;

namespace ValueChainHub.Heads.Tests.Infra;

/// <summary><c>infra/secrets.sh</c> against an <c>az</c> that keeps secrets in files and can be told to refuse.</summary>
public sealed class SecretsScriptTests : IDisposable
{
    private const string Az = """
        #!/bin/sh
        echo "$*" >> "$VAULT/../calls"
        case "$1 $2 $3" in
          "keyvault secret list")
            if [ -s "$VAULT/../refusals" ]; then sed -i '$d' "$VAULT/../refusals"; exit 1; fi
            ls "$VAULT" ;;
          "keyvault secret set") cp "$9" "$VAULT/$7" ;;
        esac
        """;

    private readonly TestFolder _folder = new();

    public SecretsScriptTests()
    {
        Directory.CreateDirectory(Vault);
        File.WriteAllText(_folder.File("az"), Az);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.File("az"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string Vault => _folder.File("vault");

    private string Calls => File.ReadAllText(_folder.File("calls"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Makes_the_keys_of_the_hub_and_names_what_a_person_must_bring()
    {
        var (exit, said) = await RunAsync("Hub--AdminKey Hub--IdKey Connectors--shopify--WebhookSecret");

        exit.ShouldBe(0, said);
        Directory.GetFiles(Vault).Select(Path.GetFileName).ShouldBe(["Hub--AdminKey", "Hub--IdKey"], ignoreOrder: true);
        Secret("Hub--AdminKey").Length.ShouldBe(44, "256 bits in base64, and no line end");
        Secret("Hub--AdminKey").ShouldNotBe(Secret("Hub--IdKey"));
        said.ShouldContain("Connectors--shopify--WebhookSecret: missing");
        said.ShouldNotContain(Secret("Hub--AdminKey"));
        Calls.ShouldNotContain(Secret("Hub--AdminKey"));
        Calls.ShouldContain("/sites/func/config/configreferences/appsettings/refresh");
    }

    [Fact]
    public async Task Never_writes_over_a_key_that_is_there()
    {
        await File.WriteAllTextAsync(Path.Combine(Vault, "Hub--IdKey"), "the key that all ids were made with", TestContext.Current.CancellationToken);

        var (exit, said) = await RunAsync("Hub--IdKey");

        exit.ShouldBe(0, said);
        Secret("Hub--IdKey").ShouldBe("the key that all ids were made with");
        Calls.ShouldNotContain("secret set");
    }

    [Fact]
    public async Task Waits_for_a_right_that_is_on_its_way()
    {
        await File.WriteAllTextAsync(_folder.File("refusals"), "one\ntwo\n", TestContext.Current.CancellationToken);

        var (exit, said) = await RunAsync("Hub--IdKey");

        exit.ShouldBe(0, said);
        Secret("Hub--IdKey").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Makes_nothing_in_a_vault_that_does_not_let_it_in()
    {
        await File.WriteAllTextAsync(_folder.File("refusals"), string.Concat(Enumerable.Repeat("no\n", 9)), TestContext.Current.CancellationToken);

        var (exit, said) = await RunAsync("Hub--IdKey");

        exit.ShouldBe(1);
        said.ShouldContain("does not let us in");
        Directory.GetFiles(Vault).ShouldBeEmpty();
    }

    private string Secret(string name) => File.ReadAllText(Path.Combine(Vault, name));

    private async Task<(int Exit, string Said)> RunAsync(string names)
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("The script is for sh.");
        var start = new ProcessStartInfo("sh", [Path.Combine(Repository.Root, "infra/secrets.sh")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = _folder.Path + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["VAULT"] = Vault;
        start.Environment["KEY_VAULT_NAME"] = "kv";
        start.Environment["SECRET_NAMES"] = names;
        start.Environment["AZURE_RESOURCE_GROUP"] = "rg";
        start.Environment["FUNCTION_APP_NAME"] = "func";
        start.Environment["SECRETS_TRIES"] = "4";
        start.Environment["SECRETS_PAUSE"] = "0";
        using var process = Process.Start(start)!;
        var (said, faults) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await said + await faults);
    }
}
