--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: blob; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.blob (
    hash bytea NOT NULL,
    size bigint NOT NULL,
    media text NOT NULL
);


--
-- Name: entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry (
    id bigint NOT NULL,
    register text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    title text NOT NULL,
    reading text NOT NULL,
    retired_at text,
    leaf bigint NOT NULL,
    subject bytea NOT NULL,
    terms bytea NOT NULL,
    search text NOT NULL
);


--
-- Name: entry_field; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry_field (
    register bigint NOT NULL,
    field text NOT NULL COLLATE pg_catalog."C",
    retired bigint NOT NULL,
    value bytea NOT NULL,
    entry bigint NOT NULL
);


--
-- Name: entry_ref; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry_ref (
    register text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    field text NOT NULL COLLATE pg_catalog."C",
    source bigint NOT NULL
);


--
-- Name: entry_unique; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry_unique (
    register text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    entry bigint NOT NULL
);


--
-- Name: entry_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.entry_version (
    leaf bigint NOT NULL,
    entry bigint NOT NULL,
    version bigint NOT NULL,
    title text NOT NULL,
    reading text NOT NULL,
    retired bigint NOT NULL,
    act bigint NOT NULL,
    index_hash bytea NOT NULL,
    document text NOT NULL
);


--
-- Name: ledger_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_head (
    id bigint NOT NULL,
    size bigint NOT NULL,
    edge bytea NOT NULL,
    at text NOT NULL,
    policy text,
    next_entry bigint NOT NULL,
    CONSTRAINT ledger_head_id_check CHECK ((id = 1))
);


--
-- Name: ledger_leaf; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_leaf (
    idx bigint NOT NULL,
    entry bytea NOT NULL,
    hash bytea NOT NULL,
    class text NOT NULL,
    secret bytea,
    fields text,
    erased_by bigint
);


--
-- Name: ledger_tile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_tile (
    level bigint NOT NULL,
    idx bigint NOT NULL,
    hash bytea NOT NULL
);


--
-- Name: pseudonym; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.pseudonym (
    person text NOT NULL COLLATE pg_catalog."C",
    actor text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL
);


--
-- Name: register; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.register (
    number bigint NOT NULL,
    name text NOT NULL,
    live bigint NOT NULL,
    retired bigint NOT NULL
);


--
-- Name: schema_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migration (
    number bigint NOT NULL,
    checksum text NOT NULL
);


--
-- Name: secret; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.secret (
    scope text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    value bytea NOT NULL,
    digest bytea NOT NULL
);


--
-- Name: term; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.term (
    entry bigint NOT NULL,
    tokens text[] NOT NULL
);


--
-- Data for Name: blob; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: entry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry VALUES (1, 'asset', 'A-1', 2, '新しい端末', '', NULL, 2, '\xa18e50ab407ce8ae022b4a573df38a51', '\x016605677261646502334101660773656374696f6e033130300166047e6b657903412d310166087e72656164696e670fe696b0e38197e38184e7abafe69cab017504636f646503412d3101720773656374696f6e0773656374696f6e03313030', 'a-1 新しい端末');
INSERT INTO public.entry VALUES (2, 'asset', 'A-2', 2, '台帳システム', '', '2026-04-01T00:00:00Z', 3, '\x07391a2338e4d34bad2c04c7f20fd261', '\x016605677261646502334101660773656374696f6e033130300166047e6b657903412d320166087e72656164696e6712e58fb0e5b8b3e38197e38199e381a6e38280017504636f646503412d3201720773656374696f6e0773656374696f6e03313030', 'a-2 台帳しすてむ');


--
-- Data for Name: entry_field; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry_field VALUES (1, 'grade', 0, '\x3341', 1);
INSERT INTO public.entry_field VALUES (1, 'section', 0, '\x313030', 1);
INSERT INTO public.entry_field VALUES (1, '~key', 0, '\x412d31', 1);
INSERT INTO public.entry_field VALUES (1, '~reading', 0, '\xe696b0e38197e38184e7abafe69cab', 1);
INSERT INTO public.entry_field VALUES (1, 'grade', 1, '\x3341', 2);
INSERT INTO public.entry_field VALUES (1, 'section', 1, '\x313030', 2);
INSERT INTO public.entry_field VALUES (1, '~key', 1, '\x412d32', 2);
INSERT INTO public.entry_field VALUES (1, '~reading', 1, '\xe58fb0e5b8b3e38197e38199e381a6e38280', 2);


--
-- Data for Name: entry_ref; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry_ref VALUES ('section', '100', 'section', 1);
INSERT INTO public.entry_ref VALUES ('section', '100', 'section', 2);


--
-- Data for Name: entry_unique; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry_unique VALUES ('asset', 'code', 'A-1', 1);
INSERT INTO public.entry_unique VALUES ('asset', 'code', 'A-2', 2);


--
-- Data for Name: entry_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.entry_version VALUES (1, 2, 1, '台帳システム', '', 0, 1, '\x1666cda78aadeb0f8b16d2a1c8ca60b6134893c3bbaa812f84f6dc47d5cb9a86', '{"code":"A-2","name":"台帳システム","grade":"3A","count":3,"ratio":0.1}');
INSERT INTO public.entry_version VALUES (2, 1, 2, '新しい端末', '', 0, 2, '\xec760e1d15e5b585b665efc5a082a59baa741901b44215b31a576bc43222c3b1', '{"code":"A-1","name":"新しい端末","grade":"3A","count":3,"ratio":0.1}');
INSERT INTO public.entry_version VALUES (3, 2, 2, '台帳システム', '', 1, 3, '\x1666cda78aadeb0f8b16d2a1c8ca60b6134893c3bbaa812f84f6dc47d5cb9a86', '{"code":"A-2","name":"台帳システム","grade":"3A","count":3,"ratio":0.1}');
INSERT INTO public.entry_version VALUES (0, 1, 1, '', '', 0, 0, '\x', '{}');


--
-- Data for Name: ledger_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ledger_head VALUES (1, 6, '\x0000000000000006314b131530a018c0dddfe85fa8d091dc4839f2360463054098a1b969d07a66825a677030f3e646f0abecaa1078c8b67603f4af0b592b88ac4abd145c858afa26', '2026-04-01T00:00:00Z', NULL, 3);


--
-- Data for Name: ledger_leaf; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ledger_leaf VALUES (1, '\x7b226163746f72223a223664393530373932343539356232633038353336313038383563643261393166222c226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a227a4e6865777169446c3633334f32787a70424d316749464e793363556175336f473334777578352f6357383d227d2c22736571223a312c227375626a65637473223a5b223037333931613233333865346433346261643263303463376632306664323631225d2c2274797065223a22656e7472792e707574222c2276223a317d', '\xbf082f07babaf4941e863df033ee040c421528b8cb6181f3ef97dd3caa3f7df2', 'permanent', '\xd3b08d1afd19fa3ca42e20b4246b50cbd9c3d5180584a78b9c8bde81cbb2e50e', NULL, NULL);
INSERT INTO public.ledger_leaf VALUES (2, '\x7b226163746f72223a223664393530373932343539356232633038353336313038383563643261393166222c226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a222f36766633315a41515670422b59596e7639754a6e44644a49536666652f472b69434871644a364d2f33493d227d2c22736571223a322c227375626a65637473223a5b226131386535306162343037636538616530323262346135373364663338613531225d2c2274797065223a22656e7472792e707574222c2276223a317d', '\xbbd336024d36a7ab2899655b95aca41fffd35a1c8c58087caa4f7430b356c5ec', 'permanent', '\xd189cf656843a0fdb913bfde03ca6a2de9f788840c4b54b7e11bb869fecc3bd0', NULL, NULL);
INSERT INTO public.ledger_leaf VALUES (3, '\x7b226163746f72223a223664393530373932343539356232633038353336313038383563643261393166222c226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a22704e66323669357252615049366f4f77736f4d4438676350555a686571686950424a442b5a4a78505032343d227d2c22736571223a332c227375626a65637473223a5b223037333931613233333865346433346261643263303463376632306664323631225d2c2274797065223a22656e7472792e726574697265222c2276223a317d', '\x07fc35ac0e42b070d273d4b98c3de5d6984eb1b7a67ec68c71e5aa8fb556f13b', 'permanent', '\xcb0592f19a6f66257e083fc95f7d503060a0fab59f3a93cf48f4e3e8000c3127', NULL, NULL);
INSERT INTO public.ledger_leaf VALUES (4, '\x7b226163746f72223a223133313730626133363030383339376132376138623762376332646639653835222c226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a227377384c535a4f794a594d6b3751534f616761545a7555326e66524e486d2f307870477a7434344e396f773d227d2c22736571223a342c227375626a65637473223a5b5d2c2274797065223a22757365722e746f7470222c2276223a317d', '\x811ff3523394d41a6ce20be467ec950a24465a3981ce7ed42a6375380e00eea1', 'permanent', '\xcd94da0a5552613566396820dc58ed08da7ae6d13cd0d427a9e15c22734eafe9', '[["secret",{"scope":"totp","key":"P-1","set":true}]]', NULL);
INSERT INTO public.ledger_leaf VALUES (5, '\x7b226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a22666d53563759642b3536694267657438577272445a4e2b7175574152416c43797279352b4970507a65664d3d227d2c22736571223a352c227375626a65637473223a5b5d2c2274797065223a2265726173757265222c2276223a317d', '\x7bc168f1e269be2abfd717165eb325cfcba45ef17b436bc93316c97b60b8f738', 'permanent', '\x0640ce305b41857779aea0642907572ab6aed6dfbd182534d2dab721e3649db7', '[["erased",{"leaf":0,"class":"permanent","retired":false}]]', NULL);
INSERT INTO public.ledger_leaf VALUES (0, '\x7b226163746f72223a223664393530373932343539356232633038353336313038383563643261393166222c226174223a22323032362d30342d30315430303a30303a30305a222c22636c6175736573223a5b5d2c22636f6d6d6974223a7b22616c67223a22736861323536222c22726f6f74223a2235767331364373385536527a49517353547943316b537035394a446c68656b5139453261667877393645733d227d2c22736571223a302c227375626a65637473223a5b226131386535306162343037636538616530323262346135373364663338613531225d2c2274797065223a22656e7472792e707574222c2276223a317d', '\x7a9211c6d18a17766722b92aba2c621a331eb2d55591db02f634664225c85a17', 'permanent', NULL, NULL, 5);


--
-- Data for Name: ledger_tile; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: pseudonym; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.pseudonym VALUES ('P-1', '6d9507924595b2c0853610885cd2a91f', '\xd9b0181547090aa0756de2ec337723ccb883dcc94de75a9081fe12addd81a2c7');
INSERT INTO public.pseudonym VALUES ('P-2', '13170ba36008397a27a8b7b7c2df9e85', '\x72974f5b637e85883db546f3a860150b5398943f0e09fdf60e93b1ddd17f7a4b');


--
-- Data for Name: register; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.register VALUES (1, 'asset', 1, 1);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, '7f83b00542bcff418e9a451608dea532b7e1b359391c1287181611abdafba5cd');


--
-- Data for Name: secret; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.secret VALUES ('totp', 'P-1', '\x010203', '\x7d173f8850ebab71b9e2bd86cc27d177b6cc4ae8e23a802ff7f29af4bf0eff0d');


--
-- Data for Name: term; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.term VALUES (1, '{1ǀgradeǁ3341,1ǀsectionǁ313030,1ǀa－,1ǀい端,1ǀしい,1ǀ新,1ǀ新し,1ǀ末,1ǀ端,1ǀ端末,1ǀ－1}');
INSERT INTO public.term VALUES (2, '{1ǂgradeǁ3341,1ǂsectionǁ313030,1ǂa－,1ǂしす,1ǂすて,1ǂてむ,1ǂ台,1ǂ台帳,1ǂ帳,1ǂ帳し,1ǂ－2}');


--
-- Name: blob blob_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.blob
    ADD CONSTRAINT blob_pkey PRIMARY KEY (hash);


--
-- Name: entry_field entry_field_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry_field
    ADD CONSTRAINT entry_field_pkey PRIMARY KEY (register, field, retired, value, entry);


--
-- Name: entry entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (id);


--
-- Name: entry_ref entry_ref_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry_ref
    ADD CONSTRAINT entry_ref_pkey PRIMARY KEY (register, key, field, source);


--
-- Name: entry entry_register_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_register_key_key UNIQUE (register, key);


--
-- Name: entry_unique entry_unique_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry_unique
    ADD CONSTRAINT entry_unique_pkey PRIMARY KEY (register, name, value);


--
-- Name: entry_version entry_version_entry_version_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry_version
    ADD CONSTRAINT entry_version_entry_version_key UNIQUE (entry, version);


--
-- Name: entry_version entry_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.entry_version
    ADD CONSTRAINT entry_version_pkey PRIMARY KEY (leaf);


--
-- Name: ledger_head ledger_head_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_head
    ADD CONSTRAINT ledger_head_pkey PRIMARY KEY (id);


--
-- Name: ledger_leaf ledger_leaf_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_leaf
    ADD CONSTRAINT ledger_leaf_pkey PRIMARY KEY (idx);


--
-- Name: ledger_tile ledger_tile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_tile
    ADD CONSTRAINT ledger_tile_pkey PRIMARY KEY (level, idx);


--
-- Name: pseudonym pseudonym_actor_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_actor_key UNIQUE (actor);


--
-- Name: pseudonym pseudonym_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.pseudonym
    ADD CONSTRAINT pseudonym_pkey PRIMARY KEY (person);


--
-- Name: register register_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.register
    ADD CONSTRAINT register_name_key UNIQUE (name);


--
-- Name: register register_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.register
    ADD CONSTRAINT register_pkey PRIMARY KEY (number);


--
-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (number);


--
-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (scope, key);


--
-- Name: term term_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.term
    ADD CONSTRAINT term_pkey PRIMARY KEY (entry);


--
-- Name: term_tokens; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX term_tokens ON public.term USING gin (tokens);


--
-- PostgreSQL database dump complete
--


