using System.Text.Json;
using System.Text.Json.Serialization;
using Authress.Client.AccessKeys;
using Authress.Client.Requests;
using Authress.Client.Rotations;
using Authress.Client.ServiceClients;
using Authress.Client.Transport;

namespace Authress.Client.Json;

/// <summary>The types of request and response bodies, with serializers generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ServiceClientJson))]
[JsonSerializable(typeof(ServiceClientPageJson))]
[JsonSerializable(typeof(IssuedAccessKeyJson))]
[JsonSerializable(typeof(NewAccessKeyJson))]
[JsonSerializable(typeof(JsonWebKeySetJson))]
[JsonSerializable(typeof(JsonWebKeyJson))]
[JsonSerializable(typeof(LegacyAccessKeyJson))]
[JsonSerializable(typeof(ApiErrorJson))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PlainBody))]
[JsonSerializable(typeof(RotationRecord))]
internal sealed partial class AuthressJsonContext : JsonSerializerContext;
