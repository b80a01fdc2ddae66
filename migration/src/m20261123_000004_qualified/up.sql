-- pg_restore works without a search path, so what computes columns must name its helpers' schema: a dump could not be
-- restored.
CREATE OR REPLACE FUNCTION directory_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, public.fold_words(words))
        || to_tsvector('simple'::regconfig, public.fold_words(
            replace(replace(replace(replace(replace(replace(
                normalize(words, NFC), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'Ä', 'Ae'), 'Ö', 'Oe'), 'Ü', 'Ue')))
$$;
