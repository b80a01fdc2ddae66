-- Messages are found by the stems of their words, German and English ones. The functions are called while a dump is
-- restored, without a search path, so they name each other's schema.

-- Without the punctuation by which the parser would take words for addresses, paths and compounds: with it, some texts
-- of 10,000 characters cost seconds.
CREATE FUNCTION bare_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(words, '[!-/:-@\[-`{-~]+', ' ', 'g')
$$;

-- In small letters, "ae" as "ä": so both ways of writing have one stem ("Häuser", "Haeuser", "Haus"). In "neue" and
-- "Quelle" there is no umlaut.
CREATE FUNCTION spell_umlauts(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        replace(replace(translate(lower(words), 'ÄÖÜẞ', 'äöüß'), 'ae', 'ä'), 'oe', 'ö'),
        '(?<![aeouäöq])ue', 'ü', 'g')
$$;

-- The stems of a text. What is left out at the beginning of the English ones keeps the last German word from being
-- next to them. In this language a session reads it once, not with every message that is sent.
CREATE FUNCTION message_words(body text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN to_tsvector('pg_catalog.german'::regconfig, public.spell_umlauts(public.bare_words(body)))
        || to_tsvector('pg_catalog.english'::regconfig, 'and and and ' || public.bare_words(body));
END
$$;

-- What is looked for in them: words, phrases in quotation marks, "or" between them.
CREATE FUNCTION message_query(words text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT websearch_to_tsquery('pg_catalog.german'::regconfig, public.spell_umlauts(words))
        || websearch_to_tsquery('pg_catalog.english'::regconfig, words)
$$;

-- No index: a GIN index never gives up a word that once stood in it, whatever is deleted and vacuumed (R4), and a
-- frequent word would be looked up in everybody's messages. Members search their own conversations by
-- `message_conversation`.
ALTER TABLE message ADD COLUMN searched tsvector NOT NULL GENERATED ALWAYS AS (message_words(body)) STORED;
-- R4: no samples of it.
ALTER TABLE message ALTER COLUMN searched SET STATISTICS 0;
