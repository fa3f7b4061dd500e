//! The tables, as diesel sees them.
//!
//! Kept by hand, since `SQLite` and `PostgreSQL` share it and `diesel print-schema` reads only one of them; a test
//! compares it with both migrated databases. Columns stand in the order of the migrations in `migrations/`, and every
//! record begins with the same seven: `id`, `version`, three instants (microseconds since 1970), `visibility` and
//! `managed_by_id`. `*_folded`, `*_sort` and `*_key` columns are derived on write.

#![allow(missing_docs)] // Diesel makes a struct of each column, and takes no comment for it.

diesel::table! {
    /// Party committees, State bodies, associations and their units, each with a life span.
    organizations (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        name -> Text,
        short_name -> Nullable<Text>,
        kind -> Text,
        level -> Nullable<Text>,
        symbol -> Nullable<Text>,
        admin_unit_id -> Nullable<BigInt>,
        parent_id -> Nullable<BigInt>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        edoc_code -> Nullable<Text>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
        name_folded -> Text,
        name_sort -> Text,
        valid_from_key -> Date,
    }
}

diesel::table! {
    /// Provinces, municipalities, districts, communes and wards. A code names a unit only together with a date.
    admin_units (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        code -> Nullable<Text>,
        code_valid_from -> Nullable<Date>,
        code_valid_to -> Nullable<Date>,
        name -> Text,
        full_name -> Nullable<Text>,
        name_variants -> Text,
        unit_type -> Text,
        level -> Text,
        parent_id -> Nullable<BigInt>,
        region -> Nullable<Text>,
        edoc_code -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
        name_folded -> Text,
        name_sort -> Text,
        code_key -> Text,
        valid_from_key -> Date,
    }
}

diesel::table! {
    /// Who sits on a committee: a person, a member organization, or only the words of the source.
    committee_members (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        organization_id -> BigInt,
        person_id -> Nullable<BigInt>,
        member_organization_id -> Nullable<BigInt>,
        member_text -> Nullable<Text>,
        role -> Text,
        ex_officio_title -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        established_by_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        valid_from_key -> Date,
    }
}

diesel::table! {
    /// What became of a unit or of an organization; many to many.
    successions (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        kind -> Text,
        from_admin_unit_id -> Nullable<BigInt>,
        to_admin_unit_id -> Nullable<BigInt>,
        from_organization_id -> Nullable<BigInt>,
        to_organization_id -> Nullable<BigInt>,
        effective_on -> Date,
        legal_basis_id -> Nullable<BigInt>,
        legal_basis_text -> Nullable<Text>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// The span within which a body counts its documents: a term, a year or a legislature.
    numbering_periods (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        organization_id -> BigInt,
        label -> Text,
        kind -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// People in public office; no birth date, telephone or card number.
    people (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        name -> Text,
        other_names -> Text,
        note -> Nullable<Text>,
        name_folded -> Text,
        name_sort -> Text,
    }
}

diesel::table! {
    /// The offices a person held, as far as the sources date them.
    positions (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        person_id -> BigInt,
        title -> Text,
        organization_id -> Nullable<BigInt>,
        organization_text -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_from_precision -> Nullable<Text>,
        valid_to -> Nullable<Date>,
        valid_to_precision -> Nullable<Text>,
        stated_on -> Nullable<Date>,
        note -> Nullable<Text>,
        title_folded -> Text,
        valid_from_key -> Date,
    }
}

diesel::table! {
    /// Guiding documents: directives, conclusions, resolutions, plans and the rest; stubs and drafts too.
    documents (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        system -> Text,
        kind -> Text,
        numbering_body_id -> Nullable<BigInt>,
        adopted_by -> Text,
        number -> Nullable<Integer>,
        suffix -> Text,
        numbering_period_id -> Nullable<BigInt>,
        symbol -> Nullable<Text>,
        symbol_as_printed -> Nullable<Text>,
        title -> Text,
        issued_on -> Nullable<Date>,
        issued_on_precision -> Nullable<Text>,
        issued_on_text -> Nullable<Text>,
        adopted_on -> Nullable<Date>,
        effective_on -> Nullable<Date>,
        expires_on -> Nullable<Date>,
        place -> Nullable<Text>,
        signer_id -> Nullable<BigInt>,
        signer_text -> Nullable<Text>,
        status -> Text,
        urgency -> Nullable<Text>,
        review_schedule -> Text,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
        symbol_folded -> Text,
        title_folded -> Text,
        title_sort -> Text,
        identity_complete -> Bool,
        issued_on_key -> Date,
        number_key -> Integer,
    }
}

diesel::table! {
    /// The bodies that adopted a document, in the order given.
    document_adopters (document_id, organization_id) {
        document_id -> BigInt,
        organization_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// How one document bears on another: implements, replaces, amends...
    document_links (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        from_id -> BigInt,
        to_id -> BigInt,
        kind -> Text,
        stated_on -> Nullable<Date>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// Conferences that disseminate, implement and review documents.
    conferences (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        name -> Text,
        topic -> Nullable<Text>,
        formats -> Text,
        mode -> Text,
        level -> Nullable<Text>,
        held_from -> Nullable<Date>,
        held_to -> Nullable<Date>,
        part_of_day -> Nullable<Text>,
        date_precision -> Nullable<Text>,
        year_inferred -> Bool,
        held_text -> Nullable<Text>,
        place -> Nullable<Text>,
        admin_unit_id -> Nullable<BigInt>,
        convening_body_id -> Nullable<BigInt>,
        convening_text -> Nullable<Text>,
        participants_complete -> Nullable<Bool>,
        participant_count -> Nullable<Integer>,
        period_reviewed_from -> Nullable<Date>,
        period_reviewed_to -> Nullable<Date>,
        parent_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        name_folded -> Text,
        name_sort -> Text,
        held_from_key -> Date,
    }
}

diesel::table! {
    /// What a conference did about a document, or about a subject that is no document.
    conference_documents (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        conference_id -> BigInt,
        document_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        initiative_id -> Nullable<BigInt>,
        subject_text -> Nullable<Text>,
        activity -> Nullable<Text>,
        citation_role -> Nullable<Text>,
        review_years -> Nullable<Integer>,
        review_from -> Nullable<Date>,
        review_to -> Nullable<Date>,
        presenter_id -> Nullable<BigInt>,
        title_as_cited -> Nullable<Text>,
        symbol_as_cited -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// The places joined to a conference by video.
    bridge_points (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        conference_id -> BigInt,
        name -> Nullable<Text>,
        admin_unit_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        place -> Nullable<Text>,
        main -> Bool,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// Who took part in a conference, in which roles, and from which bridge point.
    participations (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        conference_id -> BigInt,
        person_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        group_text -> Nullable<Text>,
        roles -> Text,
        bridge_point_id -> Nullable<BigInt>,
        positions_as_stated -> Text,
        rank_title -> Nullable<Text>,
        honorific -> Nullable<Text>,
        head_count -> Nullable<Integer>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a conference found: achievements, limitations, causes, forecasts, proposals.
    findings (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        conference_id -> BigInt,
        kind -> Text,
        text -> Text,
        document_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        text_folded -> Text,
    }
}

diesel::table! {
    /// The publications that the records rest on.
    sources (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        title -> Text,
        kind -> Text,
        web_url -> Nullable<Text>,
        publisher -> Nullable<Text>,
        publisher_organization_id -> Nullable<BigInt>,
        published_on -> Nullable<Date>,
        published_time -> Nullable<Text>,
        reprinted_from -> Nullable<Text>,
        author -> Nullable<Text>,
        retrieved_on -> Nullable<Date>,
        raw_text -> Nullable<Text>,
        note -> Nullable<Text>,
        title_folded -> Text,
        title_sort -> Text,
        published_on_key -> Date,
    }
}

diesel::table! {
    /// What a source says about a record or one of its fields; claims may disagree.
    claims (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        source_id -> BigInt,
        about_type -> Text,
        about_id -> BigInt,
        field -> Nullable<Text>,
        value -> Nullable<Text>,
        quote -> Nullable<Text>,
        char_offset -> Nullable<Integer>,
        char_length -> Nullable<Integer>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// The change log: one row per write, chained by hash, never rewritten.
    changes (sequence) {
        sequence -> BigInt,
        resource -> Text,
        record_id -> BigInt,
        version -> BigInt,
        operation -> Text,
        actor -> Text,
        credential -> Nullable<Text>,
        request_id -> Text,
        recorded_at -> BigInt,
        visibility -> Text,
        after -> Text,
        previous_hash -> Text,
        hash -> Text,
        key_system -> Nullable<Text>,
        external_key -> Nullable<Text>,
    }
}

diesel::table! {
    /// The keys by which partners know our records.
    external_keys (resource, system, key) {
        resource -> Text,
        system -> Text,
        key -> Text,
        record_id -> BigInt,
    }
}

diesel::table! {
    /// Programs, campaigns, movements and models that documents are carried out by.
    initiatives (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        kind -> Text,
        name -> Text,
        organization_id -> Nullable<BigInt>,
        partners -> Text,
        document_id -> Nullable<BigInt>,
        admin_unit_id -> Nullable<BigInt>,
        parent_id -> Nullable<BigInt>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        note -> Nullable<Text>,
        name_folded -> Text,
        name_sort -> Text,
    }
}

diesel::table! {
    /// The partners of an initiative, in their order.
    initiative_partners (initiative_id, organization_id) {
        initiative_id -> BigInt,
        organization_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// What a document or a conference asks somebody to do.
    tasks (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        content -> Text,
        code -> Nullable<Text>,
        origin -> Nullable<Text>,
        origin_conference_id -> Nullable<BigInt>,
        origin_document_id -> Nullable<BigInt>,
        documents -> Text,
        conferences -> Text,
        issued_by_id -> Nullable<BigInt>,
        issued_by_person_id -> Nullable<BigInt>,
        issued_by_text -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        deadline_kind -> Text,
        due_on -> Nullable<Date>,
        due_days -> Nullable<Integer>,
        deadline_text -> Nullable<Text>,
        recurrence -> Nullable<Text>,
        period_from -> Nullable<Date>,
        period_to -> Nullable<Date>,
        product -> Nullable<Text>,
        urgency -> Nullable<Text>,
        state -> Text,
        state_reason -> Nullable<Text>,
        completed_on -> Nullable<Date>,
        parent_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        content_folded -> Text,
        issued_on_key -> Date,
        due_on_key -> Date,
    }
}

diesel::table! {
    /// The documents that a task speaks of, in their order.
    task_documents (task_id, document_id) {
        task_id -> BigInt,
        document_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// The conferences that a task goes back to, in their order.
    task_conferences (task_id, conference_id) {
        task_id -> BigInt,
        conference_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// Who is to do a task, in which role.
    assignments (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        task_id -> BigInt,
        role -> Text,
        organization_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        class_kind -> Nullable<Text>,
        class_level -> Nullable<Text>,
        class_admin_unit_id -> Nullable<BigInt>,
        assignee_text -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// What was reported of a task, and when. Never changed.
    task_updates (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        task_id -> BigInt,
        organization_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        reported_on -> Date,
        reporting_period -> Nullable<Text>,
        state -> Nullable<Text>,
        progress -> Nullable<Integer>,
        text -> Text,
        document_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        text_folded -> Text,
    }
}

diesel::table! {
    /// Requests for a later due date of a task, and what was decided. The request is never changed.
    extensions (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        task_id -> BigInt,
        requested_by_id -> Nullable<BigInt>,
        requested_by_person_id -> Nullable<BigInt>,
        requested_on -> Date,
        requested_due_on -> Date,
        reason -> Nullable<Text>,
        status -> Text,
        decided_by_id -> Nullable<BigInt>,
        decided_by_person_id -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        new_due_on -> Nullable<Date>,
        decision_text -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// What proves that a task was done, and whether that was accepted. What was submitted is never changed.
    evidence_documents (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        task_id -> BigInt,
        document_id -> Nullable<BigInt>,
        symbol -> Nullable<Text>,
        title -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        recipient_id -> Nullable<BigInt>,
        recipient_text -> Nullable<Text>,
        submitted_by_id -> Nullable<BigInt>,
        submitted_by_person_id -> Nullable<BigInt>,
        submitted_on -> Date,
        web_url -> Nullable<Text>,
        status -> Text,
        decided_by_id -> Nullable<BigInt>,
        decided_by_person_id -> Nullable<BigInt>,
        decided_on -> Nullable<Date>,
        decision_text -> Nullable<Text>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    /// What a body, or a class of bodies, is expected to do about a document, by when, and who said so.
    expectations (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        milestone -> Text,
        document_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        class_kind -> Nullable<Text>,
        class_level -> Nullable<Text>,
        class_admin_unit_id -> Nullable<BigInt>,
        expected_text -> Nullable<Text>,
        content -> Nullable<Text>,
        origin_conference_id -> Nullable<BigInt>,
        origin_document_id -> Nullable<BigInt>,
        due_on -> Nullable<Date>,
        deadline_text -> Nullable<Text>,
        note -> Nullable<Text>,
        due_on_key -> Date,
    }
}

diesel::table! {
    /// Days on which offices rest or work otherwise than by the day of the week.
    holidays (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        day -> Date,
        name -> Text,
        kind -> Text,
        legal_basis -> Nullable<Text>,
        provenance -> Nullable<Text>,
        note -> Nullable<Text>,
        name_folded -> Text,
    }
}

diesel::table! {
    /// Figures as a source states them. The rate that they come to is checked and never written over what was stated.
    statistics (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        measure -> Text,
        subject -> Nullable<Text>,
        unit -> Nullable<Text>,
        period_from -> Nullable<Date>,
        period_to -> Nullable<Date>,
        period_text -> Nullable<Text>,
        numerator -> Nullable<Double>,
        denominator -> Nullable<Double>,
        stated_rate -> Nullable<Double>,
        qualifier -> Text,
        raw_text -> Nullable<Text>,
        correction_text -> Nullable<Text>,
        conference_id -> Nullable<BigInt>,
        document_id -> Nullable<BigInt>,
        initiative_id -> Nullable<BigInt>,
        organization_id -> Nullable<BigInt>,
        admin_unit_id -> Nullable<BigInt>,
        part_of_id -> Nullable<BigInt>,
        note -> Nullable<Text>,
        check_result -> Text,
        measure_folded -> Text,
    }
}

diesel::table! {
    /// Commendations: who gave what to whom, for what.
    awards (id) {
        id -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        visibility -> Text,
        managed_by_id -> Nullable<BigInt>,
        kind -> Text,
        name -> Nullable<Text>,
        giver_id -> Nullable<BigInt>,
        giver_person_id -> Nullable<BigInt>,
        giver_text -> Nullable<Text>,
        presenter_id -> Nullable<BigInt>,
        presenter_text -> Nullable<Text>,
        presentation -> Nullable<Text>,
        collectives -> Nullable<Integer>,
        individuals -> Nullable<Integer>,
        undivided_count -> Nullable<Integer>,
        count_text -> Nullable<Text>,
        recipient_text -> Nullable<Text>,
        reason -> Nullable<Text>,
        documents -> Text,
        initiatives -> Text,
        conference_id -> Nullable<BigInt>,
        decision_document_id -> Nullable<BigInt>,
        awarded_on -> Nullable<Date>,
        note -> Nullable<Text>,
        awarded_on_key -> Date,
    }
}

diesel::table! {
    /// The documents for whose carrying out an award was given, in their order.
    award_documents (award_id, document_id) {
        award_id -> BigInt,
        document_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// The initiatives for which an award was given, in their order.
    award_initiatives (award_id, initiative_id) {
        award_id -> BigInt,
        initiative_id -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    /// The answers to requests that came with an `Idempotency-Key`.
    idempotency_keys (subject, route, key) {
        subject -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Text,
        recorded_at -> BigInt,
        instance -> Text,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    /// Who may sign in.
    users (id) {
        id -> BigInt,
        name -> Text,
        display_name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        must_change_password -> Bool,
        disabled_at -> Nullable<BigInt>,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    /// Families of refresh tokens.
    sessions (id) {
        id -> Text,
        user_id -> BigInt,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    /// The hashes of refresh tokens.
    refresh_tokens (hash) {
        hash -> Text,
        session_id -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// The hashes of API keys.
    api_keys (id) {
        id -> Text,
        name -> Text,
        user_id -> Nullable<BigInt>,
        partner -> Nullable<Text>,
        role -> Text,
        hash -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        rotated_from -> Nullable<Text>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// The organizations and administrative units that something is granted for.
    areas (id) {
        id -> BigInt,
        organization_id -> Nullable<BigInt>,
        admin_unit_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// The organizations within areas.
    area_organizations (area_id, organization_id) {
        area_id -> BigInt,
        organization_id -> BigInt,
    }
}

diesel::table! {
    /// The administrative units within areas.
    area_admin_units (area_id, admin_unit_id) {
        area_id -> BigInt,
        admin_unit_id -> BigInt,
    }
}

diesel::table! {
    /// The day up to which successions count within areas.
    area_day (id) {
        id -> BigInt,
        day -> Date,
    }
}

diesel::table! {
    /// What users and partners may do, and where.
    grants (id) {
        id -> BigInt,
        user_id -> Nullable<BigInt>,
        api_key_id -> Nullable<Text>,
        role -> Text,
        area_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    /// The keys of access tokens.
    signing_keys (id) {
        id -> Text,
        public_key -> Text,
        sealed_private_key -> Text,
        created_at -> BigInt,
        used_from -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    /// What happened to accounts and credentials.
    security_events (id) {
        id -> BigInt,
        recorded_at -> BigInt,
        kind -> Text,
        user_name -> Nullable<Text>,
        credential -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    /// How many writes of accounts there have been.
    account_counter (id) {
        id -> BigInt,
        count -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, sessions, refresh_tokens);

diesel::allow_tables_to_appear_in_same_query!(areas, area_organizations, area_admin_units, grants);

diesel::allow_tables_to_appear_in_same_query!(
    admin_units,
    assignments,
    award_documents,
    award_initiatives,
    awards,
    bridge_points,
    changes,
    claims,
    committee_members,
    conference_documents,
    conferences,
    document_adopters,
    document_links,
    documents,
    evidence_documents,
    expectations,
    extensions,
    external_keys,
    findings,
    holidays,
    initiative_partners,
    initiatives,
    numbering_periods,
    organizations,
    participations,
    people,
    positions,
    sources,
    statistics,
    successions,
    task_conferences,
    task_documents,
    task_updates,
    tasks,
);
