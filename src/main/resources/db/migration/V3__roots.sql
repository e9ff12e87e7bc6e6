-- The names of the roots that an operation works below, in their order with a comma between them: who
-- may not work below all of them does not see it. '*', which no root is called, is for operations from
-- before: nobody knows their roots, and only who may work below all roots there are sees them.
ALTER TABLE operations ADD COLUMN roots TEXT NOT NULL DEFAULT '*';

-- Pages of who may work below some roots only.
CREATE INDEX operations_by_roots ON operations (roots, id);

-- As before, and with the roots: of what is not to be seen only the index is read, and so it is for
-- the counts.
DROP INDEX operations_by_kind_and_state;
CREATE INDEX operations_by_kind_and_state ON operations (kind, state, id, roots);
