using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;

namespace Headgate.LocalHost.Invocation;

/// <summary>
/// What middleware and function share; the request of an HTTP invocation is where the worker looks for it. Every invocation is asked for
/// its request, and few are given anything: the dictionary is made when one is.
/// </summary>
internal sealed class InvocationItems(HttpContext? http) : IDictionary<object, object>
{
    private const string RequestKey = "HttpRequestContext";

    private Dictionary<object, object>? _items;

    public int Count => Items.Count;

    public bool IsReadOnly => false;

    public ICollection<object> Keys => Items.Keys;

    public ICollection<object> Values => Items.Values;

    private Dictionary<object, object> Items => _items ??= http is null ? [] : new() { [RequestKey] = http };

    public object this[object key]
    {
        get => Items[key];
        set => Items[key] = value;
    }

    public bool TryGetValue(object key, [MaybeNullWhen(false)] out object value)
    {
        if (_items is not null)
            return _items.TryGetValue(key, out value);
        value = RequestKey.Equals(key) ? http : null;
        return value is not null;
    }

    public bool ContainsKey(object key) => TryGetValue(key, out _);

    public void Add(object key, object value) => Items.Add(key, value);

    public bool Remove(object key) => Items.Remove(key);

    public void Clear() => Items.Clear();

    public bool Contains(KeyValuePair<object, object> item) => Items.Contains(item);

    public void Add(KeyValuePair<object, object> item) => Items.Add(item.Key, item.Value);

    public bool Remove(KeyValuePair<object, object> item) => ((ICollection<KeyValuePair<object, object>>)Items).Remove(item);

    public void CopyTo(KeyValuePair<object, object>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<object, object>>)Items).CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<object, object>> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
