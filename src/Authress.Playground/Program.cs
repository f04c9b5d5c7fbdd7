using Authress.Playground;

return await PlaygroundOptions.ParseAndRunAsync(args, options => new Playground(options).RunAsync());
