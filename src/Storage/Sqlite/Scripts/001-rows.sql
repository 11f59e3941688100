-- How often this database was opened: the upper part of every row version and sequence number.
CREATE TABLE starts (count INTEGER NOT NULL);
INSERT INTO starts VALUES (0);

-- All rows of all tables; tab is the number of the Table enumeration, data the encoded columns.
CREATE TABLE rows (
    tab INTEGER NOT NULL,
    pk TEXT NOT NULL,
    rk TEXT NOT NULL,
    version INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (tab, pk, rk)
) WITHOUT ROWID;
