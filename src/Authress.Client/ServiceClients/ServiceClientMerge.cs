namespace Authress.Client.ServiceClients;

/// <summary>
/// Merges a change into a client as it is now. An update replaces the whole object, and the API can't detect another
/// update in between, so the object that is sent is always built on the one just read.
/// </summary>
internal static class ServiceClientMerge
{
    /// <summary>The whole object to send, with its unknown members.</summary>
    /// <param name="now">The client as it was just read.</param>
    /// <param name="change">The change.</param>
    /// <returns>The object; null if the client already has every changed value.</returns>
    /// <exception cref="AuthressApiException">A field was edited here and changed to another value in Authress.</exception>
    public static ServiceClientJson? Apply(ServiceClientJson now, ServiceClientChange change)
    {
        RefuseConflicts(now, change);
        List<ServiceClientField> changed = [.. change.Fields.Where(field => field.Differs(now, change))];
        if (changed.Count == 0)
            return null;
        ServiceClientJson merged = now.ToWritable();
        foreach (ServiceClientField field in changed)
            field.WriteTo(merged, change);
        return merged;
    }

    private static void RefuseConflicts(ServiceClientJson now, ServiceClientChange change)
    {
        foreach (ServiceClientField field in change.Fields)
        {
            if (field.FindConflict(now, change) is not { } conflict)
                continue;
            string outcome = change.OutcomeUnknown ? Messages.WriteUnknown : Messages.NothingWritten;
            throw new AuthressApiException(PrintableText.ForMessage(
                InvariantText.Format(Messages.FieldConflict, field.Name, now.ClientId, conflict.Original, conflict.Edited, conflict.Present, outcome)))
            {
                Failure = ApiFailure.EditConflict,
            };
        }
    }
}
