using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Klaviyo;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Core.Identity;

namespace ValueChainHub.Connectors.Tests.Klaviyo;

public sealed class KlaviyoEventTests
{
    private const string ByEmail = "consent/email/ada.shopper@example.com/marketing";
    private static readonly DateTimeOffset Received = new(2026, 2, 20, 11, 50, 0, TimeSpan.Zero);

    [Fact]
    public void Claims_the_profile_and_only_finds_by_an_external_id()
    {
        var identity = KlaviyoTests.Translate("received_email").Identity;

        identity.Claims.ShouldBe([Identifier.Account("klaviyo", "01JPROFILEADA")]);
        identity.Finds.ShouldBe([Identifier.External("klaviyo", "crm-77")]);
        identity.At.ShouldBe(Received);
    }

    [Fact]
    public void The_profile_beside_an_event_is_a_copy_with_its_own_time()
    {
        var core = KlaviyoTests.Translate("received_email").Facet(KlaviyoTests.Ada, FacetNames.Core).ShouldNotBeNull();

        core.Version.ShouldBe(new FacetVersion(new DateTimeOffset(2026, 2, 1, 8, 0, 0, TimeSpan.Zero), SourceClass.Embedded, 0));
        ChainJson.Read<Account>(core.Value).ShouldSatisfyAllConditions(
            account => account.Name.ShouldBe("Ada Shopper"), account => account.Email.ShouldBe("Ada.Shopper@example.com"), account => account.Phone.ShouldBe("+15005550100"));
        KlaviyoTests.Translate("received_email", document => document.Profile().AsObject().Remove("updated")).Facet(KlaviyoTests.Ada, FacetNames.Core)!.Version.Revision.ShouldBe(Received);
    }

    [Fact]
    public void A_profile_that_lacks_fields_clears_none()
    {
        var translated = KlaviyoTests.Translate("received_email", document => document.Profile().AsObject().Remove("phone_number"));

        translated.Facet(KlaviyoTests.Ada, FacetNames.Core)!.Version.Revision.ShouldBeNull();
        translated.Value<Account>(KlaviyoTests.Ada, FacetNames.CoreField("email")).Email.ShouldBe("Ada.Shopper@example.com");
        translated.Facet(KlaviyoTests.Ada, FacetNames.CoreField("phone")).ShouldBeNull();
    }

    [Fact]
    public void Machines_open_apart()
    {
        var record = KlaviyoTests.Record(
            KlaviyoTests.Translate("received_email"), KlaviyoTests.Translate("opened_email"), KlaviyoTests.Translate("opened_email~machine"), KlaviyoTests.Translate("clicked_email"));

        record.Marketing.ShouldBe(new MarketingTotals(1, 1, 1, 1, Received.AddMinutes(1), Received.AddMinutes(2)));
        record.Deliverability.ShouldBe(new Dictionary<string, string> { ["email"] = "ok" });
    }

    [Theory]
    [InlineData("Apple Privacy Open", "\"True\"")]
    [InlineData("machine_open", "true")]
    [InlineData("Bot Click", "\"true\"")]
    public void A_machine_is_known_by_any_of_its_flags(string flag, string value) =>
        KlaviyoTests.Translate("opened_email", document => document.Attributes()["event_properties"]![flag] = JsonNode.Parse(value))
            .Value<Message>(KlaviyoTests.Message("evt02"), "message/opened").ByMachine.ShouldBe(true);

    [Theory]
    [InlineData("false")]
    [InlineData("\"False\"")]
    [InlineData("[1]")]
    public void A_flag_that_is_not_true_is_no_machine(string value) =>
        KlaviyoTests.Translate("opened_email", document => document.Attributes()["event_properties"]!["machine_open"] = JsonNode.Parse(value))
            .Value<Message>(KlaviyoTests.Message("evt02"), "message/opened").ByMachine.ShouldBeNull();

    [Fact]
    public void A_machines_click_counts_nowhere() =>
        KlaviyoTests.Record(KlaviyoTests.Translate("clicked_email", document => document.Attributes()["event_properties"]!["Bot Click"] = true)).Marketing.Clicked.ShouldBe(0);

    [Fact]
    public void No_link_of_a_message_is_told() => KlaviyoTests.Translate("clicked_email").Events.ShouldHaveSingleItem().Data.ShouldNotContain("token");

    [Fact]
    public void A_hard_bounce_is_a_trouble_until_a_message_gets_through()
    {
        var bounced = KlaviyoTests.Translate("bounced_email");

        KlaviyoTests.Record(bounced).Deliverability["email"].ShouldBe("bounced");
        KlaviyoTests.Record(bounced, KlaviyoTests.Translate("received_email", document => document.Attributes()["datetime"] = "2026-02-20T11:49:59Z")).Deliverability["email"].ShouldBe("bounced");
        KlaviyoTests.Record(bounced, KlaviyoTests.Translate("received_email")).Deliverability["email"].ShouldBe("bounced");
        KlaviyoTests.Record(bounced, KlaviyoTests.Translate("received_email", document => document.Attributes()["datetime"] = "2026-02-20T11:50:01Z")).Deliverability["email"].ShouldBe("ok");
    }

    [Fact]
    public void A_soft_bounce_is_told_and_says_nothing_of_the_address()
    {
        var soft = KlaviyoTests.Translate("bounced_email~soft");

        soft.Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.MessageBounced);
        KlaviyoTests.Record(soft).Deliverability.ShouldBeEmpty();
    }

    [Fact]
    public void A_complaint_is_also_a_denial_and_ends_with_a_later_grant_only()
    {
        var complained = KlaviyoTests.Translate("marked_email_as_spam");
        var later = KlaviyoTests.Translate("received_email", document => document.Attributes()["datetime"] = "2026-02-20T12:30:00Z");

        KlaviyoTests.Record(complained, later).ShouldSatisfyAllConditions(
            record => record.Deliverability["email"].ShouldBe("complained"),
            record => record.Consent["email"].State.ShouldBe("denied"));
        KlaviyoTests.Record(complained, later, KlaviyoTests.Translate("subscribed_to_email_marketing")).ShouldSatisfyAllConditions(
            record => record.Deliverability["email"].ShouldBe("ok"),
            record => record.Consent["email"].State.ShouldBe("granted"));
    }

    [Fact]
    public void A_suppression_is_no_denial()
    {
        var record = KlaviyoTests.Record(KlaviyoTests.Translate("manually_suppressed_from_email_marketing"));

        record.Deliverability["email"].ShouldBe("suppressed");
        record.Consent.ShouldBeEmpty();
    }

    [Fact]
    public void Consent_belongs_to_the_address_of_its_channel()
    {
        KlaviyoTests.Translate("unsubscribed_from_email_marketing").Value<Consent>(KlaviyoTests.Ada, ByEmail).ShouldBe(
            new Consent("email", "ada.shopper@example.com", "marketing", "denied", Received.AddMinutes(5)));
        KlaviyoTests.Translate("unsubscribed_from_sms_marketing").Value<Consent>(KlaviyoTests.Ada, "consent/sms/+15005550100/marketing").State.ShouldBe("denied");
        KlaviyoTests.Translate("subscribed_to_sms_marketing").Value<Consent>(KlaviyoTests.Ada, "consent/sms/+15005550100/marketing").State.ShouldBe("granted");
    }

    [Fact]
    public void The_later_act_wins_whichever_comes_first()
    {
        var (granted, denied) = (KlaviyoTests.Translate("subscribed_to_email_marketing"), KlaviyoTests.Translate("unsubscribed_from_email_marketing"));

        KlaviyoTests.Record(granted, denied).Consent["email"].State.ShouldBe("denied");
        KlaviyoTests.Record(denied, granted).Consent["email"].State.ShouldBe("denied");
    }

    [Fact]
    public void An_act_about_an_address_that_is_not_there_is_suppressed() =>
        KlaviyoTests.Raw("unsubscribed_from_email_marketing", document => document.Profile()["email"] = null).ShouldBeOfType<Translation.Suppressed>();

    [Theory]
    [InlineData("sent_sms")]
    [InlineData("subscribed_to_list")]
    public void Some_topics_are_stored_and_not_acted_on(string recording) => KlaviyoTests.Raw(recording).ShouldBeOfType<Translation.Suppressed>();

    [Fact]
    public void Each_event_of_a_request_is_its_own_persons()
    {
        var several = KlaviyoTests.Translate("events~several");

        several.Events.Select(told => told.Subject.Id).ShouldBe(["evt22", "evt23", "evt24"]);
        var records = KlaviyoTests.Records(several).ToDictionary(record => record.Email!);
        records.Keys.ShouldBe(["ada.shopper@example.com", "bob@example.com"], ignoreOrder: true);
        records["ada.shopper@example.com"].Marketing.ShouldBe(new MarketingTotals(1, 1, 0, 0, new DateTimeOffset(2026, 2, 20, 11, 51, 30, TimeSpan.Zero), null));
        records["bob@example.com"].Marketing.ShouldBe(new MarketingTotals(1, 0, 0, 0, null, null));
    }

    [Fact]
    public void Events_mean_the_same_together_and_apart()
    {
        var body = KlaviyoTests.Body("events~several");
        var events = body["data"]!.AsArray().Select(one => one!.DeepClone()).ToList();
        var apart = events.Select(one => Single(body, one)).Select(one => KlaviyoTests.Raw("events", one)).OfType<Translation.Translated>().ToArray();

        var together = KlaviyoTests.Translate("events~several");

        Ids(apart).ShouldBe(Ids(together), ignoreOrder: true);
        Text(KlaviyoTests.Records([together, .. apart])).ShouldBe(Text(KlaviyoTests.Records(together)));
        Text(KlaviyoTests.Records(apart)).ShouldBe(Text(KlaviyoTests.Records(together)));
    }

    [Fact]
    public void One_event_that_cannot_be_read_keeps_the_request_back()
    {
        var body = KlaviyoTests.Body("events~several");
        body["data"]![1]!["payload"] = null;

        KlaviyoTests.Raw("events", Encoding.UTF8.GetBytes(body.ToJsonString())).ShouldBeOfType<Translation.Unreadable>().Reason.ShouldBe("payload is missing");
    }

    [Fact]
    public void An_event_without_its_profiles_copy_still_counts_for_the_profile()
    {
        var translated = KlaviyoTests.Translate("received_email", document => document["included"] = new JsonArray());

        translated.Identity.Anchor.ShouldBe(Identifier.Account("klaviyo", "01JPROFILEADA"));
        KlaviyoTests.Record(translated).Marketing.Received.ShouldBe(1);
    }

    [Fact]
    public void A_poll_tells_what_the_webhook_told()
    {
        foreach (var name in new[] { "received_email", "opened_email~machine", "unsubscribed_from_email_marketing", "marked_email_as_spam" })
        {
            var polled = KlaviyoTests.Raw(KlaviyoTests.TopicOf(name), Encoding.UTF8.GetBytes(KlaviyoTests.Body(name)["data"]![0]!["payload"]!.ToJsonString()), DeliveryKind.Reconciled);

            Ids(polled.ShouldBeOfType<Translation.Translated>()).ShouldBe(Ids(KlaviyoTests.Translate(name)), name);
        }
    }

    [Fact]
    public void Years_of_newsletters_make_nobody_a_till()
    {
        var limits = new GraphLimits { EntitiesPerPerson = 2 };
        var opens = Enumerable.Range(0, 10).Select(number => KlaviyoTests.Raw("events", Single(KlaviyoTests.Body("opened_email"), Renamed("evt" + number)))).Cast<Translation.Translated>();

        var record = new ChainModel(new DerivedIds(new byte[32]), limits, opens, []).Records().Values.ShouldHaveSingleItem();

        record.Marketing.Opened.ShouldBe(10);
        record.Shared.ShouldBeNull();
    }

    [Fact]
    public void Every_topic_is_in_the_table_of_the_readme_with_the_registers_it_writes()
    {
        var rows = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Readmes", "Klaviyo", "README.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        foreach (var topic in KlaviyoTopics.Polled)
            rows.ShouldContain(row => row.Split('|')[1].Contains($"`{topic}`"), topic);
        foreach (var recording in KlaviyoTests.Recordings().Where(recording => recording.Topic != KlaviyoTopics.Several))
        {
            var row = rows.Single(candidate => candidate.Split('|')[1].Contains($"`{recording.Topic[KlaviyoTopics.Prefix.Length..]}`"));
            foreach (var facet in (KlaviyoTests.Raw(recording.Name) as Translation.Translated)?.Entities.SelectMany(entity => entity.Facets).Where(facet => facet.Name != FacetNames.Core) ?? [])
                row.ShouldContain("`" + facet.Name.Split('/')[0], customMessage: $"{recording.Name} writes {facet.Name}");
        }
    }

    private static JsonNode Renamed(string id)
    {
        var one = KlaviyoTests.Body("opened_email")["data"]![0]!.DeepClone();
        one["external_id"] = id;
        return one;
    }

    private static byte[] Single(JsonObject body, JsonNode one) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["data"] = new JsonArray(one.DeepClone()), ["meta"] = body["meta"]!.DeepClone() }.ToJsonString());

    private static string[] Ids(params Translation.Translated[] deliveries)
    {
        var ids = new DerivedIds(new byte[32]);
        return [.. deliveries.SelectMany(delivery => delivery.Events).Select(ids.OfEvent)];
    }

    private static string Text(IReadOnlyList<CustomerRecord> records) => System.Text.Json.JsonSerializer.Serialize(records.OrderBy(record => record.Id, StringComparer.Ordinal));
}
