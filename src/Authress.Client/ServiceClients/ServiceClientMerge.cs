namespace Authress.Client.ServiceClients;

/// <summary>
/// Merges changes into a client as it is now. An update replaces the whole object and the API has no means to notice
/// somebody else's change in between, so what is sent is always built on what was just read.
/// </summary>
internal static class ServiceClientMerge
{
    /// <summary>The whole object to send, with the members that this library does not know.</summary>
    /// <param name="now">The client as it was just read.</param>
    /// <param name="change">What to change.</param>
    /// <returns>The object; null where the client already is as wanted.</returns>
    /// <exception cref="AuthressApiException">A field was edited here and changed to something else in Authress.</exception>
    public static ServiceClientJson? Apply(ServiceClientJson now, ServiceClientChange change)
    {
        RefuseConflicts(now, change);
        ServiceClientJson merged = now.ToWritable();
        bool changed = false;

        if (change.Name.IsGiven && change.Name.Value != now.Name)
        {
            merged.Name = change.Name.Value;
            changed = true;
        }

        if (change.Tag.IsGiven && !SameTags(change.Tag.Value, now.Tags.ToTagMap()))
        {
            merged.Tags = change.Tag.Value.ToDictionary(tag => tag.Key, tag => (string?)tag.Value, StringComparer.Ordinal);
            changed = true;
        }

        if (change.RateLimit.IsGiven && !Equals(change.RateLimit.Value, now.RateLimits.ToRateLimit()))
        {
            merged.RateLimits = ReplaceFirst(now.RateLimits, change.RateLimit.Value);
            changed = true;
        }

        bool mayAskForUsers = now.Options?.GrantUserPermissionsAccess ?? false;
        bool mayMakeTokens = now.Options?.GrantTokenGeneration ?? false;
        if (change.GrantUserPermissionsAccess.Or(mayAskForUsers) != mayAskForUsers || change.GrantTokenGeneration.Or(mayMakeTokens) != mayMakeTokens)
        {
            merged.Options = new ServiceClientOptionsJson
            {
                GrantUserPermissionsAccess = change.GrantUserPermissionsAccess.Or(mayAskForUsers),
                GrantTokenGeneration = change.GrantTokenGeneration.Or(mayMakeTokens),
                Unknown = now.Options?.Unknown,
            };
            changed = true;
        }

        return changed ? merged : null;
    }

    public static bool SameTags(TagMap one, TagMap other) =>
        one.Count == other.Count && one.All(tag => other.TryGetValue(tag.Key, out string? value) && value == tag.Value);

    private static void RefuseConflicts(ServiceClientJson now, ServiceClientChange change)
    {
        Check(nameof(change.Name), change.Name, now.Name, string.Equals);
        Check(nameof(change.Tag), change.Tag, now.Tags.ToTagMap(), SameTags);
        Check(nameof(change.RateLimit), change.RateLimit, now.RateLimits.ToRateLimit(), Equals);
        Check(nameof(change.GrantUserPermissionsAccess), change.GrantUserPermissionsAccess, now.Options?.GrantUserPermissionsAccess ?? false, (a, b) => a == b);
        Check(nameof(change.GrantTokenGeneration), change.GrantTokenGeneration, now.Options?.GrantTokenGeneration ?? false, (a, b) => a == b);

        void Check<T>(string field, FieldChange<T> edit, T present, Func<T, T, bool> same)
        {
            if (edit.HasBasis && !same(present, edit.Basis) && !same(present, edit.Value))
            {
                throw new AuthressApiException(PrintableText.Escape(
                    $"{field} of '{now.ClientId}' was changed by somebody else: it was '{edit.Basis}' when it was fetched, is '{edit.Value}' in the object, and is '{present}' in Authress now. {(change.IsInDoubt ? "Whether it was written in between is not known." : "Nothing was written.")}"))
                {
                    Failure = ApiFailure.EditConflict,
                };
            }
        }
    }

    // The first limit keeps the members that are not known; any further ones, which the contract forbids, stay.
    private static List<RateLimitJson> ReplaceFirst(List<RateLimitJson>? limits, RateLimit? limit)
    {
        if (limit is null)
            return [];
        RateLimitJson first = limit.ToJson();
        first.Unknown = limits is [{ Unknown: { } unknown }, ..] ? unknown : null;
        return [first, .. (limits ?? []).Skip(1)];
    }
}
