using Authress.Client.ServiceClients;

namespace Authress.Client.Tests.ServiceClients;

public sealed class BrokenTextTests
{
    [Fact]
    public void Refuses_half_a_surrogate_pair_rather_than_change_it()
    {
        Assert.Throws<ArgumentException>(new ServiceClientChange { Name = new("broken \ud83d") }.Validate);
        Assert.Throws<ArgumentException>(new ServiceClientChange { Tag = new(new TagMap { ["key"] = "\udc00" }) }.Validate);
        Assert.Throws<ArgumentException>(new ServiceClientChange { Tag = new(new TagMap { ["\udc00"] = "value" }) }.Validate);
        new ServiceClientChange { Name = new("whole \ud83d\ude00") }.Validate();
    }
}
