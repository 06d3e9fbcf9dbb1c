namespace Microsoft.Azure.Functions.Worker;

/// <summary>The method is a function of this name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
