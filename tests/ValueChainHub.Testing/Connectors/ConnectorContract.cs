using System.Text;
using Shouldly;
using ValueChainHub.Core.Chain;
using ValueChainHub.Core.Connectors;
using Xunit;

namespace ValueChainHub.Testing.Connectors;

/// <summary>What every connector that takes signed webhooks promises (see <see cref="IConnector"/>). Each vendor's tests inherit it.</summary>
public abstract class ConnectorContract
{
    protected const string Secret = "a-present-secret-of-the-vendor";
    protected const string PreviousSecret = "the-secret-before-that-one";

    /// <summary>When requests come in; a vendor that signs a time signs this one.</summary>
    protected static readonly DateTimeOffset Now = new(2026, 2, 20, 12, 0, 0, TimeSpan.Zero);

    protected abstract IVendor Vendor { get; }

    /// <summary>The header that carries the signature.</summary>
    protected abstract string SignatureHeader { get; }

    /// <summary>False for a vendor that proves itself by a shared secret alone: then nothing can be said about a body changed on its way.</summary>
    protected virtual bool SignsBody => true;

    /// <summary>Bodies of the vendor, one at least for each topic that it translates.</summary>
    protected abstract IReadOnlyList<Recording> Recordings { get; }

    /// <summary>Settings of a connector that takes webhooks signed with these secrets.</summary>
    protected abstract Dictionary<string, string> Settings(string secret, string? previousSecret);

    /// <summary>The request as the vendor sends it.</summary>
    protected abstract WebhookRequest Signed(string topic, string deliveryId, ReadOnlyMemory<byte> body, string secret);

    /// <summary>What the connector works on when the body of a recording comes in.</summary>
    protected virtual DeliveryContent Delivery(Recording recording, byte[] body) =>
        new(Connector.Name, DeliveryKind.Webhook, recording.Topic, new Dictionary<string, string>(), body, null);

    protected IConnector Connector => field ??= Make(Secret, PreviousSecret);

    /// <summary>A connector ready to verify; one that needs the vendor's keys has them.</summary>
    protected virtual IConnector Make(string secret, string? previousSecret) =>
        Vendor.Create(new ConnectorSettings(Vendor.Name, Settings(secret, previousSecret), allowLoopback: true));

    /// <summary>A body of a few dozen bytes that the connector takes for genuine when it is signed.</summary>
    protected virtual string ShortBody => """{"id":9007199254740993001,"note":"a body short enough to change every bit of"}""";

    private Recording Sample => Recordings[0];

    [Fact]
    public void Accepts_what_the_vendor_signed()
    {
        foreach (var recording in Recordings)
            Verify(Connector, recording.Body, Secret).ShouldBeOfType<WebhookVerdict.Genuine>(recording.Name).Topic.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public void Accepts_the_previous_secret_during_a_rotation() => Verify(Connector, Sample.Body, PreviousSecret).ShouldBeOfType<WebhookVerdict.Genuine>();

    [Fact]
    public void Refuses_the_previous_secret_after_the_rotation() => ShouldBeRefused(Verify(Make(Secret, null), Sample.Body, PreviousSecret));

    [Fact]
    public void Refuses_another_secret() => ShouldBeRefused(Verify(Connector, Sample.Body, Secret + "x"));

    [Fact]
    public void Refuses_a_request_without_a_signature()
    {
        var request = Sign(Sample.Body);

        ShouldBeRefused(Connector.Verify(With(request, SignatureHeader, null), Now));
    }

    [Fact]
    public void Refuses_a_body_with_any_bit_changed_in_flight()
    {
        Assert.SkipUnless(SignsBody, "the vendor signs no body");
        var body = Encoding.UTF8.GetBytes(ShortBody);
        var request = Sign(body);
        Connector.Verify(request, Now).ShouldBeOfType<WebhookVerdict.Genuine>();

        for (var bit = 0; bit < body.Length * 8; bit++)
        {
            var changed = (byte[])body.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            ShouldBeRefused(Connector.Verify(request with { Body = changed }, Now));
        }
    }

    [Fact]
    public void Refuses_a_body_that_was_cut_or_continued()
    {
        Assert.SkipUnless(SignsBody, "the vendor signs no body");
        var request = Sign(Sample.Body);

        ShouldBeRefused(Connector.Verify(request with { Body = Sample.Body.AsMemory(0, Sample.Body.Length - 1) }, Now));
        ShouldBeRefused(Connector.Verify(request with { Body = (byte[])[.. Sample.Body, (byte)'\n'] }, Now));
        ShouldBeRefused(Connector.Verify(request with { Body = ReadOnlyMemory<byte>.Empty }, Now));
    }

    [Fact]
    public void Refuses_every_secret_that_differs_in_one_bit()
    {
        for (var bit = 0; bit < Secret.Length * 7; bit++)
        {
            var characters = Secret.ToCharArray();
            characters[bit / 7] ^= (char)(1 << (bit % 7));
            ShouldBeRefused(Verify(Connector, Sample.Body, new string(characters)));
        }
    }

    [Fact]
    public void Refuses_every_other_text_in_the_signature_header()
    {
        var request = Sign(Sample.Body);
        var text = request.Header(SignatureHeader)!;
        Connector.Verify(request, Now).ShouldBeOfType<WebhookVerdict.Genuine>();

        foreach (var other in OtherTexts(text).Where(other => other != text))
            ShouldBeRefused(Connector.Verify(With(request, SignatureHeader, other), Now));
    }

    [Fact]
    public void The_same_delivery_has_the_same_id_and_means_the_same()
    {
        foreach (var recording in Recordings)
        {
            var first = (WebhookVerdict.Genuine)Verify(Connector, recording.Body, Secret);
            var second = (WebhookVerdict.Genuine)Verify(Make(Secret, null), recording.Body, Secret);
            second.DeliveryId.ShouldBe(first.DeliveryId);
            Text(Make(Secret, null).Translate(Delivery(recording, recording.Body))).ShouldBe(Text(Connector.Translate(Delivery(recording, recording.Body))), recording.Name);
        }
    }

    [Fact]
    public void Reads_every_recording()
    {
        foreach (var recording in Recordings)
            Connector.Translate(Delivery(recording, recording.Body)).ShouldNotBeOfType<Translation.Unreadable>(recording.Name);
    }

    [Fact]
    public void Emits_only_types_of_the_catalogue_with_data_of_their_record()
    {
        foreach (var told in Recordings.SelectMany(recording => Translated(recording)?.Events ?? []))
        {
            var type = EventCatalogue.Find(told.Type).ShouldNotBeNull(told.Type);
            Reread(type.Data, told.Data).ShouldBe(told.Data, told.Type);
        }
    }

    [Fact]
    public void Names_each_entity_once_and_each_register_of_it_once()
    {
        foreach (var translated in Recordings.Select(Translated).OfType<Translation.Translated>())
        {
            translated.Entities.Select(entity => entity.Key).ShouldBeUnique();
            foreach (var entity in translated.Entities)
                entity.Facets.Select(facet => facet.Name).ShouldBeUnique();
        }
    }

    [Fact]
    public void Gives_every_event_a_subject_that_has_a_home()
    {
        foreach (var translated in Recordings.Select(Translated).OfType<Translation.Translated>())
        {
            foreach (var told in translated.Events)
                translated.Entities.ShouldContain(entity => entity.Key == told.Subject);
        }
    }

    /// <summary>The event is the evidence that a delivery was applied: one without any is not applied at all, and what it changes or points at would be lost.</summary>
    [Fact]
    public void Tells_something_whenever_it_changes_something_or_points_at_something()
    {
        foreach (var recording in Recordings)
        {
            if (Translated(recording) is { } translated)
                translated.Events.ShouldNotBeEmpty(recording.Name);
        }
    }

    [Fact]
    public void Never_throws_on_a_body_that_ends_early()
    {
        foreach (var recording in Recordings)
        {
            for (var length = 0; length < recording.Body.AsSpan().TrimEnd("\n"u8).Length; length++)
                Connector.Translate(Delivery(recording, recording.Body[..length])).ShouldNotBeOfType<Translation.Translated>(recording.Name);
        }
    }

    [Fact]
    public void Never_throws_on_a_body_with_wrong_bytes()
    {
        var random = new Random(20260220);
        foreach (var recording in Recordings)
        {
            for (var round = 0; round < 200; round++)
            {
                var body = (byte[])recording.Body.Clone();
                for (var changes = random.Next(1, 6); changes > 0; changes--)
                    body[random.Next(body.Length)] = (byte)random.Next(256);
                Connector.Translate(Delivery(recording, body)).ShouldNotBeNull();
            }
        }
    }

    [Fact]
    public void Neither_throws_nor_quotes_when_a_member_has_another_type()
    {
        foreach (var recording in Recordings)
        {
            foreach (var body in JsonMutations.Of(recording.Body))
            {
                if (Connector.Translate(Delivery(recording, body)) is Translation.Unreadable unreadable)
                    unreadable.Reason.ShouldNotContain(JsonMutations.Canary, Case.Insensitive, recording.Name);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"id\":\"\\ud800\"}")]
    [InlineData("{\"id\":1e400}")]
    public void Never_throws_on_rubbish(string body)
    {
        foreach (var recording in Recordings)
            Connector.Translate(Delivery(recording, Encoding.UTF8.GetBytes(body))).ShouldNotBeNull();
    }

    [Fact]
    public void Suppresses_a_topic_that_it_does_not_know() =>
        Connector.Translate(new(Connector.Name, DeliveryKind.Webhook, "nobody/knows", new Dictionary<string, string>(), "{}"u8.ToArray(), null))
            .ShouldBeOfType<Translation.Suppressed>();

    [Fact]
    public void Prints_no_secret()
    {
        var request = Sign(Sample.Body);
        var signature = request.Header(SignatureHeader)!;
        var genuine = (WebhookVerdict.Genuine)Connector.Verify(request, Now);
        string[] printed =
        [
            Connector.ToString()!, genuine.ToString(), string.Join(' ', genuine.Headers.Select(header => header.Key + header.Value)),
            Connector.Verify(With(request, SignatureHeader, "x"), Now).ToString(), Text(Connector.Translate(Delivery(Sample, Sample.Body))),
        ];

        foreach (var text in printed)
        {
            text.ShouldNotContain(Secret);
            text.ShouldNotContain(PreviousSecret);
            text.ShouldNotContain(signature);
        }
    }

    [Fact]
    public void Does_not_start_without_a_secret_and_names_the_setting()
    {
        foreach (var setting in Settings(Secret, null).Where(setting => setting.Value == Secret).Select(setting => setting.Key))
        {
            foreach (var value in new[] { "", "abc", "changeme" })
            {
                var settings = Settings(Secret, null);
                settings[setting] = value;
                var fault = Should.Throw<ConnectorSettingsException>(() => Vendor.Create(new ConnectorSettings("my-shop", settings, allowLoopback: true)));
                fault.Message.ShouldContain($"Connectors__my-shop__{setting}");
            }
        }
    }

    /// <summary>Everything that a translation says, as text that is equal exactly when it says the same.</summary>
    protected static string Text(Translation translation)
    {
        if (translation is not Translation.Translated translated)
            return translation.ToString();
        var text = new StringBuilder();
        foreach (var claim in translated.Identity.Claims)
            text.AppendLine($"claim {claim.Kind} {claim.Value}");
        foreach (var find in translated.Identity.Finds)
            text.AppendLine($"find {find.Kind} {find.Value}");
        text.AppendLine($"at {translated.Identity.At:O}");
        foreach (var entity in translated.Entities)
        {
            text.AppendLine($"entity {entity.Key} {entity.Homing} {string.Join(' ', entity.References)}");
            foreach (var facet in entity.Facets)
                text.AppendLine($"facet {facet.Name} {facet.Version} {facet.Value}");
        }
        foreach (var told in translated.Events)
            text.AppendLine($"event {told.Type} {told.Subject} {told.Time:O} {told.Data}");
        foreach (var fetch in translated.Fetches)
            text.AppendLine($"fetch {fetch}");
        return text.ToString();
    }

    /// <summary>The data as its record reads and writes it: equal when it is that record and canonical.</summary>
    private static object? Reread(Type record, string data)
    {
        var value = typeof(ChainJson).GetMethod(nameof(ChainJson.Read))!.MakeGenericMethod(record).Invoke(null, [data]);
        return typeof(ChainJson).GetMethod(nameof(ChainJson.Write))!.MakeGenericMethod(record).Invoke(null, [value]);
    }

    private Translation.Translated? Translated(Recording recording) => Connector.Translate(Delivery(recording, recording.Body)) as Translation.Translated;

    private WebhookVerdict Verify(IConnector connector, byte[] body, string secret) => connector.Verify(Signed(Sample.Topic, "delivery-1", body, secret), Now);

    private WebhookRequest Sign(byte[] body) => Signed(Sample.Topic, "delivery-1", body, Secret);

    private static void ShouldBeRefused(WebhookVerdict verdict) =>
        verdict.ShouldBeOfType<WebhookVerdict.Refused>().Reason.ShouldBe(RejectionReason.Signature);

    private static WebhookRequest With(WebhookRequest request, string header, string? value)
    {
        var headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase);
        if (value is null)
            headers.Remove(header);
        else
            headers[header] = value;
        return request with { Headers = headers };
    }

    /// <summary>Texts that a lenient reader could take for the right one, and all that differ in one character.</summary>
    private static IEnumerable<string> OtherTexts(string text)
    {
        yield return "";
        yield return " " + text;
        yield return text + " ";
        yield return text + "\n";
        yield return text + "=";
        yield return text.TrimEnd('=');
        yield return text.Replace('+', '-').Replace('/', '_');
        yield return text.ToUpperInvariant();
        yield return text.ToLowerInvariant();
        yield return text + "," + text;
        yield return text.Insert(8, "\r\n");
        yield return "\"" + text + "\"";
        foreach (var at in Enumerable.Range(0, text.Length))
        {
            foreach (var other in "AB01+/=-_ \u0100\u00e9")
                yield return text[..at] + other + text[(at + 1)..];
            yield return text.Remove(at, 1);
        }
    }
}
