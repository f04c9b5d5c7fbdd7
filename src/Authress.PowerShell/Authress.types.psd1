# In a module of its own, so that only Authress.loaded.types.ps1xml fails where the module is loaded already.
@{
    ModuleVersion  = '1.0'
    TypesToProcess = @('Authress.types.ps1xml')
}
