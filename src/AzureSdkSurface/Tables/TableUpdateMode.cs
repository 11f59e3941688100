namespace Azure.Data.Tables;

public enum TableUpdateMode
{
    /// <summary>Leaves properties alone that the entity does not name.</summary>
    Merge = 0,

    /// <summary>Removes properties that the entity does not name.</summary>
    Replace = 1,
}
