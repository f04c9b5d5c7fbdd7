using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;
using Authress.Emulator.Faults;
using Authress.PowerShell.Tests.Hosting;

namespace Authress.PowerShell.Tests.Requests;

public sealed class InvokeRequestTests : IAsyncLifetime
{
    private readonly Account _account = new();

    public async ValueTask InitializeAsync()
    {
        await _account.InitializeAsync();
        _account.Server.ClearRequests();
    }

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Theory]
    [InlineData("/v1/clients")]
    [InlineData("v1/clients")]
    public void Sends_a_signed_request_and_returns_objects(string path)
    {
        PSObject answer = _account.Run($"Invoke-AuthressRequest {path}").Ok().Single;
        Assert.Equal(_account.Server.AdminClientId, _account.Server.Requests.Single().ClientId);
        PSObject client = Assert.IsType<PSObject>(Assert.IsType<object[]>(answer.Properties["clients"].Value).Single());
        Assert.Equal(_account.Server.AdminClientId, client.Properties["clientId"].Value);
    }

    [Theory]
    [InlineData("https://example.com/v1/clients")]
    [InlineData("http://127.0.0.1/v1/clients")]
    [InlineData("//example.com/v1/clients")]
    [InlineData(" //example.com/v1/clients")]
    [InlineData("/ //example.com/v1/clients")]
    [InlineData("https:/example.com")]
    [InlineData("https:example.com")]
    [InlineData("mailto:somebody")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\\\\example.com\\v1")]
    [InlineData("/\\example.com")]
    [InlineData("/v1/../v1/clients")]
    [InlineData("/v1/clients/..")]
    [InlineData("/v1/clients/.. ")]
    [InlineData("/v1/clients/./x")]
    [InlineData("/v1/%2e%2e/clients")]
    [InlineData("/v1/%2E%2e/clients")]
    [InlineData("/v1/.%2e/clients")]
    [InlineData("/v1/clients#x")]
    [InlineData("/v1/clients\r\nX-Injected: 1")]
    [InlineData("/v1/clients\t")]
    [InlineData("/v1/clients x")]
    [InlineData("/")]
    [InlineData("?limit=1")]
    public void Refuses_a_path_that_is_not_relative_and_sends_nothing(string path)
    {
        _account.Shell.Set("path", path);
        _account.Run("Invoke-AuthressRequest $path").Refused("InvalidValue", ErrorCategory.InvalidArgument, path);
        Assert.Empty(_account.Server.Requests);
    }

    [Theory]
    [InlineData("limit=1")]
    [InlineData("limit=1&x=a%20b%2Bc%26d")]
    [InlineData("x=a+b&limit=2")]
    [InlineData("limit=1&empty=&bare")]
    [InlineData("limit=1&x=1&x=2")]
    [InlineData("limit=1&q=a=b")]
    [InlineData("limit=1&q=https://example.com/a?b")]
    public void Sends_the_query_as_it_is_given(string query)
    {
        _account.Run($"$null = Invoke-AuthressRequest '/v1/clients?{query}'").Ok();
        Assert.Equal("/v1/clients?" + query, _account.Server.Requests.Single().Target);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("PATCH", false)]
    [InlineData("DELETE", false)]
    [InlineData("post", false)]
    public void Sends_only_reads_under_WhatIf(string method, bool isSent)
    {
        ShellResult result = _account.Run($"Invoke-AuthressRequest /v1/clients {method} -WhatIf");
        Assert.Equal(isSent ? 1 : 0, _account.Server.Requests.Count);
        Assert.Equal(!isSent, result.HostText.Contains($"{method.ToUpperInvariant()} /v1/clients", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""'{"name":"x","tags":{"a":"b"}}'""")]
    [InlineData("@{ name = 'x'; tags = @{ a = 'b' } }")]
    [InlineData("([pscustomobject]@{ name = 'x'; tags = [pscustomobject]@{ a = 'b' } })")]
    [InlineData("([ordered]@{ name = 'x'; tags = [ordered]@{ a = 'b' } })")]
    public void Sends_a_body_as_JSON(string body)
    {
        PSObject made = _account.Run($"Invoke-AuthressRequest /v1/clients POST {body}").Ok().Single;
        Assert.Equal("x", made.Properties["name"].Value);
        Assert.Equal("b", _account.Server.FindClient((string)made.Properties["clientId"].Value)!.Tags["a"]);
        Assert.Equal("application/json", _account.Server.Requests.Single().Headers["Content-Type"].Split(';')[0]);
    }

    [Theory]
    [InlineData("@{ a = 1, 2.5, $true, $null, 'x' }", """{"a":[1,2.5,true,null,"x"]}""")]
    [InlineData("@{ a = @{ b = @(@{ c = 1 }) } }", """{"a":{"b":[{"c":1}]}}""")]
    [InlineData("@{ a = @() }", """{"a":[]}""")]
    [InlineData("@{ a = [datetime]::SpecifyKind([datetime]'2026-01-02T03:04:05', 'Utc') }", """{"a":"2026-01-02T03:04:05Z"}""")]
    [InlineData("@{ a = [uri]'https://example.com/x' }", """{"a":"https://example.com/x"}""")]
    [InlineData("@{ a = 12345678901234 }", """{"a":12345678901234}""")]
    [InlineData("@{ a = [bigint]::Parse('123456789012345678901234567890') }", """{"a":123456789012345678901234567890}""")]
    [InlineData("@{ a = [switch]$true; b = [switch]$false }", """{"a":true,"b":false}""")]
    [InlineData("@{ a = [decimal]'1.10' }", """{"a":1.10}""")]
    [InlineData("@{ a = [consolecolor]::Red }", """{"a":"Red"}""")]
    [InlineData("@{ a = [ipaddress]'192.0.2.1'; b = [version]'1.2'; c = [semver]'1.2.3-beta' }", """{"a":"192.0.2.1","b":"1.2","c":"1.2.3-beta"}""")]
    [InlineData("$expando", """{"a":{"b":1}}""")]
    [InlineData("(Get-Content $file)", """{"a":["b"]}""")]
    [InlineData("@{ a = (Get-Content $file)[0] }", """{"a":"{"}""")]
    [InlineData("'[1]'", "[1]")]
    [InlineData("'\"text\"'", "\"text\"")]
    public void Writes_each_kind_of_value(string body, string expected)
    {
        _account.Run("""
            $expando = [System.Dynamic.ExpandoObject]::new(); $expando.a = [System.Dynamic.ExpandoObject]::new(); $expando.a.b = 1
            $file = New-TemporaryFile; Set-Content $file '{', '"a": ["b"]', '}'
            """).Ok();
        // There is no such route; what was sent to it is what counts.
        Assert.Equal("NotFound", _account.Run($"Invoke-AuthressRequest /v1/echo POST {body}").ErrorId);
        _account.Run("Remove-Item $file").Ok();
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, JsonDocument.Parse(_account.Server.Requests.Single().Body).RootElement), _account.Server.Requests.Single().Body);
    }

    [Fact]
    public void Sends_an_object_of_another_cmdlet_as_JSON()
    {
        string id = _account.Seed("""{ "name": "typed", "tags": { "a": "b" } }""");
        _account.Run($"Invoke-AuthressRequest /v1/echo POST (Get-AuthressServiceClient {id})");
        JsonElement sent = JsonDocument.Parse(_account.Server.Requests.Single(request => request.Method == "POST").Body).RootElement;
        Assert.Equal("typed", sent.GetProperty("Name").GetString());
        Assert.Equal("b", sent.GetProperty("Tag").GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("$key")]
    [InlineData("@{ inner = @{ secret = $key } }")]
    [InlineData("@($key)")]
    [InlineData("([pscredential]::new('user', $key))")]
    [InlineData("'this is not JSON'")]
    [InlineData("'{\"cut\":'")]
    [InlineData("$own")]
    [InlineData("$twice")]
    [InlineData("$custom")]
    [InlineData("$list")]
    [InlineData("$deep")]
    [InlineData("$same")]
    [InlineData("@{ a = [double]::NaN }")]
    [InlineData("@{ a = [intptr]1 }")]
    [InlineData("(Get-Process -Id $PID)")]
    [InlineData("@{ a = Get-Item $PSHOME }")]
    [InlineData("@{ a = 'x' | Select-String x }")]
    [InlineData("@{ a = [xml]'<a/>' }")]
    [InlineData("@{ a = { 1 } }")]
    [InlineData("@{ a = @(@{ b = 1 }.GetEnumerator()) }")]
    public void Refuses_a_body_that_JSON_cannot_represent_and_sends_nothing(string body)
    {
        _account.Shell.Set("key", Shell.Secret("a secret word"));
        // One that holds itself twice would take for ever where only the depth is counted.
        _account.Run("""
            $own = @{}; $own.own = $own
            $twice = @{}; $twice.a = @{ up = $twice }; $twice.b = @{ up = $twice }
            $custom = [pscustomobject]@{ a = 1; b = 1 }; $custom.a = $custom; $custom.b = $custom
            $list = [System.Collections.ArrayList]::new(); $null = $list.Add($list); $null = $list.Add($list)
            $same = @{ 1 = 'a' }; $same['1'] = 'b'
            $deep = @{}; foreach ($i in 1..100) { $deep = @{ inner = $deep } }
            """).Ok();
        ErrorRecord error = _account.Run($"Invoke-AuthressRequest /v1/clients POST -Body {body}").Refused("InvalidValue", ErrorCategory.InvalidArgument);
        Assert.DoesNotContain("a secret word", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_account.Server.Requests);
    }

    [Fact]
    public void Enumerates_an_array_and_nests_what_is_nested()
    {
        Answer("""[{ "a": { "b": [1, 2] } }, "text", 3, 4.5, true, 9223372036854775808, -123456789012345678901234567890]""");
        ShellResult result = _account.Run("Invoke-AuthressRequest /v1/x").Ok();
        Assert.Equal(7, result.Output.Count);
        PSObject inner = Assert.IsType<PSObject>(result.Output[0].Properties["a"].Value);
        Assert.Equal([1L, 2L], Assert.IsType<object[]>(inner.Properties["b"].Value));
        System.Numerics.BigInteger[] large = [(System.Numerics.BigInteger)long.MaxValue + 1, System.Numerics.BigInteger.Parse("-123456789012345678901234567890", null)];
        Assert.Equal(["text", 3L, 4.5, true, large[0], large[1]], result.Output.Skip(1).Select(item => item.BaseObject));
    }

    [Theory]
    [InlineData("""{ "name": 1, "Name": 2 }""")]
    [InlineData("""{ "name": 1, "": 2 }""")]
    public void Returns_a_dictionary_for_members_that_an_object_cannot_have(string json)
    {
        Answer(json);
        OrderedDictionary members = Assert.IsType<OrderedDictionary>(_account.Run("Invoke-AuthressRequest /v1/x").Ok().Single.BaseObject);
        Assert.Equal([1L, 2L], members.Values.Cast<object>());
        Assert.Equal(1L, members["name"]);
    }

    [Fact]
    public void Returns_nothing_for_an_empty_response()
    {
        string id = _account.Seed();
        Assert.Empty(_account.Run($"Invoke-AuthressRequest /v1/clients/{id} DELETE -StatusCodeVariable status").Ok().Output);
        Assert.Equal(204, _account.Run("$status").Single.BaseObject);
        Assert.Null(_account.Server.FindClient(id));
    }

    [Fact]
    public void Stores_the_status_and_headers_in_variables()
    {
        _account.Run("$null = Invoke-AuthressRequest /v1/clients POST '{}' -StatusCodeVariable status -ResponseHeadersVariable headers").Ok();
        Assert.Equal(201, _account.Run("$status").Single.BaseObject);
        Assert.NotEmpty(Assert.IsType<string>(_account.Run("$headers['X-Amzn-RequestId'][0]").Single.BaseObject));
        Assert.StartsWith("application/", Assert.IsType<string>(_account.Run("$headers['Content-Type'][0]").Single.BaseObject), StringComparison.Ordinal);
    }

    [Fact]
    public void Sends_each_body_that_is_piped()
    {
        Assert.Equal(["one", "two"], _account.Run("@{ name = 'one' }, @{ name = 'two' } | Invoke-AuthressRequest /v1/clients POST").Ok().Get("name"));
        Assert.Equal(2, _account.Changes.Count);
    }

    [Fact]
    public void A_route_that_does_not_exist_is_an_error() =>
        _account.Run("Invoke-AuthressRequest /v1/nowhere").Refused("NotFound", ErrorCategory.ObjectNotFound, "/v1/nowhere");

    private void Answer(string json) => _account.Server.AddFault("GET", "/v1/x", new MalformedFault { Text = json, Status = 200 }, times: -1);
}
