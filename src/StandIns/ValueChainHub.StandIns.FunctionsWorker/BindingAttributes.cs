namespace Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

/// <summary>Something of a function that is bound to the world outside.</summary>
public abstract class BindingAttribute : Attribute;

/// <summary>What makes a function run.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public abstract class TriggerBindingAttribute : BindingAttribute;
