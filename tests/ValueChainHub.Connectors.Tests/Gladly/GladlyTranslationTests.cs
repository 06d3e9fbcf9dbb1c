using System.Text;
using System.Text.Json.Nodes;
using ValueChainHub.Connectors.Gladly;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Chain.Records;
using ValueChainHub.Core.Connectors;
using ValueChainHub.Core.Customers;
using ValueChainHub.Testing.Connectors;

namespace ValueChainHub.Connectors.Tests.Gladly;

public sealed class GladlyTranslationTests
{
    [Fact]
    public void A_conversation_that_is_opened_says_so_at_once_and_fetches_who_it_is()
    {
        var opened = GladlyTests.Translate("CONVERSATION-CREATED");

        opened.Claims().ShouldBe(["gladly.customer:" + GladlyTests.CustomerId]);
        opened.Value<Conversation>(GladlyTests.Conversation, "status").Status.ShouldBe("open");
        opened.Value<Conversation>(GladlyTests.Conversation, "started").StartedAt.ShouldBe(new(2026, 3, 2, 9, 0, 0, 120, TimeSpan.Zero));
        opened.Events.ShouldHaveSingleItem().Type.ShouldBe(EventCatalogue.ConversationOpened);
        opened.Fetches().ShouldBe(["conversation/v9Conv-Test_00000000A", "customer/" + GladlyTests.CustomerId]);
    }

    [Fact]
    public void The_last_word_on_a_conversation_wins_whatever_came_first()
    {
        Counts("CONVERSATION-CLOSED", "CONVERSATION-CREATED").ShouldBe((1, 0));
        Counts("CONVERSATION-REOPENED", "CONVERSATION-CREATED", "CONVERSATION-CLOSED").ShouldBe((1, 1));
        Counts("CONVERSATION-CLOSED").ShouldBe((1, 0));
        Counts("CONTACT-ENDED").ShouldBe((1, 0));
        Counts("CONVERSATION_STATUS-UPDATED").ShouldBe((1, 1));
    }

    [Fact]
    public void At_one_time_closed_stands_above_open()
    {
        var closed = GladlyTests.Translate("CONVERSATION-CLOSED").Facet(GladlyTests.Conversation, "status")!;
        var reopened = GladlyTests.Translate("CONVERSATION-REOPENED", body => body["timestamp"] = "2026-03-02T10:30:00.000Z").Facet(GladlyTests.Conversation, "status")!;

        closed.ShouldBeGreaterThan(reopened);
    }

    [Fact]
    public void A_fetched_conversation_fills_what_is_unknown_and_does_not_undo_what_was_told()
    {
        Counts("rest-conversation").ShouldBe((1, 0));
        Counts("CONVERSATION-REOPENED", "rest-conversation").ShouldBe((1, 1));
        GladlyTests.Translate("rest-conversation").Value<Conversation>(GladlyTests.Conversation, "core").TopicIds.ShouldBe(["topic-Test_1", "topic-Test_2"]);
    }

    [Theory]
    [InlineData("CONTACT-STARTED", EventCatalogue.ContactStarted, true)]
    [InlineData("CONTACT-MESSAGE_RECEIVED", EventCatalogue.ContactReceived, true)]
    [InlineData("CONTACT-ENDED", EventCatalogue.ContactEnded, true)]
    [InlineData("CONTACT-OFFERED", EventCatalogue.ContactUpdated, false)]
    public void Contacts_tell_when_shopper_and_support_last_met(string recording, string type, bool met)
    {
        var contact = GladlyTests.Translate(recording);

        var told = contact.Events.ShouldHaveSingleItem();
        (told.Type, told.Subject).ShouldBe((type, GladlyTests.Conversation));
        View(contact).LastContactAt.ShouldBe(met ? told.Time : null);
    }

    [Fact]
    public void Tasks_are_of_their_customer_and_count_nowhere()
    {
        var key = new EntityKey("gladly", "task", "task-Test_1");

        GladlyTests.Translate("TASK-CREATED").Value<ServiceTask>(key, "status").Status.ShouldBe("open");
        GladlyTests.Translate("TASK-CLOSED").Value<ServiceTask>(key, "status").Status.ShouldBe("closed");
        var comment = GladlyTests.Translate("TASK-COMMENT_ADDED");
        ChainJson.Read<ServiceTask>(comment.Events.ShouldHaveSingleItem().Data).Change.ShouldBe("comment_added");
        comment.Claims().ShouldBe(["gladly.customer:" + GladlyTests.CustomerId]);
    }

    [Fact]
    public void A_profile_that_changed_is_fetched_and_writes_nothing_yet()
    {
        var hint = GladlyTests.Translate("CUSTOMER_PROFILE-UPDATED");

        hint.Fetches().ShouldBe(["customer/" + GladlyTests.CustomerId]);
        hint.Entities.ShouldHaveSingleItem().Facets.ShouldBeEmpty();
        hint.Claims().ShouldBe(["gladly.customer:" + GladlyTests.CustomerId]);
    }

    [Fact]
    public void A_profile_links_by_all_its_emails_and_mobile_phones_and_is_found_by_the_rest()
    {
        var profile = GladlyTests.Translate("rest-customer");

        var account = profile.Value<Account>(GladlyTests.Customer, "core");
        (account.Name, account.Email, account.Phone).ShouldBe(("Ada Shopper", "ada.shopper@example.com", "+15005550100"));
        account.OtherEmails.ShouldBe(["second@example.com"]);
        account.OtherPhones.ShouldBeNull();
        profile.Claims().ShouldBe(["gladly.customer:" + GladlyTests.CustomerId]);
        profile.Finds().ShouldBe(["phone:+15005550199", "gladly.external:0123456789abcdef0123456789abcdef"]);
    }

    [Fact]
    public void A_service_preference_is_no_consent_to_marketing()
    {
        var profile = GladlyTests.Translate("rest-customer");

        profile.Value<Consent>(GladlyTests.Customer, "consent/sms/+15005550100/service").State.ShouldBe("denied");
        profile.Value<Consent>(GladlyTests.Customer, "consent/sms/+15005550199/service").State.ShouldBe("granted");
        profile.Entities.SelectMany(entity => entity.Facets).ShouldNotContain(facet => facet.Name.EndsWith("/marketing", StringComparison.Ordinal));
    }

    [Fact]
    public void The_id_of_an_older_adapter_finds_as_well() =>
        GladlyTests.Translate("rest-customer", body => (body["externalCustomerIds"], body["externalCustomerId"]) = (null, "old-1")).Finds().ShouldContain("gladly.external:old-1");

    [Theory]
    [InlineData("CUSTOMER-MERGED")]
    [InlineData("rest-customer-moved")]
    public void A_merge_claims_both_customers(string recording)
    {
        var merged = GladlyTests.Translate(recording);

        merged.Claims().ShouldBe(["gladly.customer:" + GladlyTests.CustomerId, "gladly.customer:" + GladlyTests.OtherCustomerId]);
        merged.Value<AccountMerge>(GladlyTests.Customer, "merge/" + GladlyTests.OtherCustomerId).Status.ShouldBe("completed");
        merged.Fetches().ShouldContain("customer/" + GladlyTests.CustomerId);
    }

    [Fact]
    public void A_conversation_that_was_merged_is_counted_no_more_by_itself()
    {
        var merged = GladlyTests.Translate("CUSTOMER-MERGED");

        merged.Value<Conversation>(GladlyTests.OtherConversation, "merged").MergedInto.ShouldBe(GladlyTests.Conversation.Id);
        var entity = new Entity(GladlyTests.OtherConversation);
        foreach (var delivery in new[] { GladlyTests.Translate("rest-conversation~open"), merged })
            Join(entity, delivery);
        entity.Contribution().Count(TotalNames.Conversations).ShouldBe(0);
    }

    [Fact]
    public void The_older_merge_is_read_where_it_has_the_members_and_otherwise_a_hint()
    {
        GladlyTests.Translate("CUSTOMER_PROFILE-MERGED").Fetches().ShouldBe(["customer/" + GladlyTests.CustomerId]);
        GladlyTests.Translate("CUSTOMER_PROFILE-MERGED", body => body["content"] = new JsonObject { ["destinationCustomerId"] = "a", ["sourceCustomerId"] = "b" })
            .Claims().ShouldBe(["gladly.customer:a", "gladly.customer:b"]);
    }

    [Theory]
    [InlineData("CUSTOMER_PROFILE-DELETED")]
    [InlineData("rest-customer-gone")]
    public void A_deleted_customer_is_a_tombstone(string recording) =>
        GladlyTests.Translate(recording).Facet(new("gladly", "customer", GladlyTests.OtherCustomerId), "deleted").ShouldNotBeNull();

    [Theory]
    [InlineData("EXPORT_JOB/COMPLETED")]
    [InlineData("AGENT_STATUS/UPDATED")]
    public void What_is_about_nobody_is_suppressed(string type) => GladlyTests.Raw(type, """{"content":{}}""").ShouldBeOfType<Translation.Suppressed>();

    [Theory]
    [InlineData("CONVERSATION/CLOSED", "conversationId")]
    [InlineData("CONTACT/ENDED", "conversationId")]
    [InlineData("TASK/CLOSED", "taskId")]
    [InlineData("CUSTOMER_PROFILE/UPDATED", "customerId")]
    [InlineData("CUSTOMER/MERGED", "destinationCustomerId")]
    public void Without_the_id_it_is_about_a_body_is_unreadable_by_name(string type, string member)
    {
        GladlyTests.Raw(type, """{"content":{}}""").ShouldBe(new Translation.Unreadable(member + " is missing"));
        GladlyTests.Raw(type, "{}").ShouldBe(new Translation.Unreadable("content is missing"));
    }

    [Fact]
    public void Every_type_is_in_the_table_of_the_readme_with_the_registers_it_writes()
    {
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Readmes", "Gladly", "README.md"));
        var rows = readme.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToList();

        foreach (var topic in GladlyTopics.Webhooks.Keys)
            rows.ShouldContain(row => row.Split('|')[1].Contains($"`{topic}`"), topic);
        foreach (var recording in Recording.All(GladlyTests.RecordingsFolder))
        {
            if (GladlyTests.Raw(recording.Topic, Encoding.UTF8.GetString(recording.Body)) is not Translation.Translated translated)
                continue;
            var row = rows.Single(candidate => candidate.Split('|')[1].Contains($"`{recording.Topic}`"));
            foreach (var facet in translated.Entities.SelectMany(entity => entity.Facets))
                row.ShouldContain("`" + facet.Name.Split('/')[0], customMessage: $"{recording.Name} writes {facet.Name}");
        }
    }

    /// <summary>Conversations and open ones that the recordings together make of one conversation.</summary>
    private static (int All, int Open) Counts(params string[] recordings)
    {
        var entity = new Entity(GladlyTests.Conversation);
        foreach (var recording in recordings)
            Join(entity, GladlyTests.Translate(recording));
        return (entity.Contribution().Count(TotalNames.Conversations), entity.Contribution().Count(TotalNames.OpenConversations));
    }

    private static ConversationView View(Translation.Translated translated)
    {
        var entity = new Entity(GladlyTests.Conversation);
        Join(entity, translated);
        return new(entity.Facets);
    }

    private static void Join(Entity entity, Translation.Translated translated)
    {
        foreach (var change in translated.Entities.Where(change => change.Key == entity.Key))
            entity.Merge(change, translated.Identity.Anchor, translated.Identity.At);
    }
}
