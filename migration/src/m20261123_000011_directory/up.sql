-- The directory by organisation and department. Where a word stands is its weight: A the name, B the organisation,
-- C the department, D everything else. Only what its member made visible is in here, as before.
ALTER TABLE profile DROP COLUMN search;
ALTER TABLE profile ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(directory_words(first_name || ' ' || last_name || ' ' || coalesce(display_name, '')), 'A')
    || CASE WHEN organisation_visible THEN setweight(directory_words(organisation), 'B') ELSE '' END
    || CASE WHEN department_visible THEN setweight(directory_words(coalesce(department, '')), 'C') ELSE '' END
    || directory_words(
        CASE WHEN position_visible THEN coalesce(position, '') ELSE '' END
        || CASE WHEN phone_visible THEN ' ' || coalesce(phone, '') ELSE '' END
        || CASE WHEN about_visible THEN ' ' || coalesce(about, '') ELSE '' END)) STORED;
ALTER TABLE profile ALTER COLUMN search SET STATISTICS 0;
CREATE INDEX profile_search ON profile USING gin (search) WHERE listed;

-- Which organisations and departments are in the directory. 200 characters keep an entry within what an index takes,
-- whatever letters they are.
CREATE INDEX profile_organisation ON profile (
    (left(fold_words(organisation), 200)) COLLATE "C", (left(fold_words(department), 200)) COLLATE "C"
) WHERE listed AND organisation_visible;
ALTER INDEX profile_organisation ALTER COLUMN 1 SET STATISTICS 0;
ALTER INDEX profile_organisation ALTER COLUMN 2 SET STATISTICS 0;
CREATE INDEX profile_department ON profile ((left(fold_words(department), 200)) COLLATE "C")
    WHERE listed AND department_visible;
ALTER INDEX profile_department ALTER COLUMN 1 SET STATISTICS 0;
