### The desk: what waits, and what people with a role decide.

desk-title = What is waiting
desk-parts = Parts of the administration
desk-part-overview = What is waiting
desk-part-registrations = Registrations
desk-part-accounts = Accounts
desk-part-holds = Holds
desk-part-deletions = Deletions
desk-part-reports = Reports
desk-part-enquiries = Enquiries received
desk-part-organisations = Organisations
desk-part-mails = Undelivered e-mails
desk-part-audit = Audit trail

desk-nothing = Nothing is waiting for you at the moment.
desk-deletions =
    { $count ->
        [one] One deletion is not finished yet
       *[other] { $count } deletions are not finished yet
    }
desk-deletions-all = See all deletions
desk-registrations =
    { $count ->
        [one] One registration is waiting for your decision
       *[other] { $count } registrations are waiting for your decision
    }
desk-registrations-all = See all registrations
desk-releases =
    { $count ->
        [one] One release is waiting for a second person
       *[other] { $count } releases are waiting for a second person
    }
desk-releases-all = See all releases that wait
desk-reviews =
    { $count ->
        [one] One hold is to be reviewed soon
       *[other] { $count } holds are to be reviewed soon
    }
desk-reviews-all = See all holds by their review
desk-reports =
    { $count ->
        [one] One reported message waits for your decision
       *[other] { $count } reported messages wait for your decision
    }
desk-reports-all = See all open reports
desk-enquiries =
    { $count ->
        [one] One enquiry is not answered yet
       *[other] { $count } enquiries are not answered yet
    }
desk-enquiries-all = See all open enquiries
desk-mails =
    { $count ->
        [one] One e-mail could not be delivered
       *[other] { $count } e-mails could not be delivered
    }
desk-mails-all = See all undelivered e-mails

desk-account = Account
desk-account-id = Account { $id }
desk-cancel = Cancel
desk-department = Department
desk-email = E-mail address
desk-nobody = Portal
desk-organisation = Organisation
desk-search = Search
desk-status = Status

## Registrations

registrations-intro = Whoever has waited longest comes first. After 90 days without a decision what was registered is deleted.
registrations-none = Nobody is waiting for a decision.
registration-waits = Waiting: { $length }
registration-lapses = Will be deleted on { $at } without a decision
registration-lapses-at = Deletion without a decision
registration-confirmed-at = E-mail address confirmed
registration-message = Message to the administration
registration-decide = Decision
registration-reason = Reason, if you reject it
registration-reason-hint = The reason is sent to the person by e-mail. To approve, leave this field empty.
registration-approve = Approve
registration-reject = Reject
registration-later = Decide later
done-approved = The account is active. The person is told by e-mail.
done-rejected = The registration is rejected. The person is told by e-mail, and what they entered is deleted after 30 days.

## Accounts

accounts-query = Name, organisation or e-mail address
accounts-every-status = all
accounts-none = No account fits this search.
account-status-active = active
account-status-pending = waiting for a decision
account-status-unconfirmed = not confirmed
account-status-suspended = suspended
account-status-rejected = rejected
account-status-deleted = being deleted
account-status-erasing = being erased
account-role = Role
account-role-member = Member
account-role-moderator = Moderator
account-role-administrator = Administrator
account-role-data-protection-officer = Data protection officer
account-created-at = Created
account-decided = Admission
account-rule-mail-domain = Domain of the e-mail address
account-rule-administrator = Decision of the administration
account-rule-no-approval = without approval
account-rule-command-line = created on the server
account-lapses-at = Will be erased, as far as nothing is held
account-id = Id
account-to-registration = Decide about the registration
account-leaving = Deletion
account-deleted-at = Requested
account-undo-until = Can be undone until
account-erase-by = Erased at the latest, as far as nothing is held
account-no-holds = There is no hold on this account.
account-place-hold = Place a hold
account-history = History
account-whole-history = See the account's whole history
account-suspending = Access
account-suspend-hint = Suspending ends all sessions at once. The person can still delete their account.
account-suspend = Suspend the account
account-sessions = Sessions
account-end-sessions-hint = If a device was lost, or somebody else may be signed in: all sessions end at once. With their password the person can sign in again.
account-end-sessions = End all sessions
account-reinstate-hint = The account is suspended. Once reinstated, the person can sign in again.
account-reinstate = Reinstate the account
account-factors = Second factor
account-factors-none = None is set up for this account.
account-factors-lost = If the person lost all of their second factors: make sure of who they are, for instance by calling them back. The factors are removed after 48 hours; the person is told at once by mail and can prevent it by signing in with one of them.
account-factors-remove = Remove lost factors
account-factors-due = All second factors are removed on { $at }, unless the person signs in with one of them before.
account-factors-keep = Take the removal back
done-factor-removal-requested = The second factors are removed in 48 hours. The person is told by mail.
done-factor-removal-withdrawn = The second factors stay.
account-roles = Role
account-role-member-hint = uses the portal like everybody else
account-role-moderator-hint = sees reported messages and decides about them
account-role-administrator-hint = sees all accounts and decides about registrations, reports, enquiries, holds and roles
account-role-data-protection-officer-hint = sees accounts, deletions and the audit trail and decides about holds, but sees no messages, reports or enquiries
account-role-give = Give this role
account-deleting = Delete on the person's behalf
account-delete-hint = Only if the person asked for deletion by another way. They get an e-mail and can undo it for 12 hours. Whatever is not held is erased after 24 hours at the latest.
account-delete-reason = How the deletion was asked for
account-delete-reason-hint = For example: letter of 20 November. The note is erased with the account.
account-delete = Delete the account
done-suspended = The account is suspended.
done-sessions-ended = All of the person's sessions have ended.
done-reinstated = The account is active again.
done-role-given = The person has this role now.
done-account-deleted = The deletion has begun. The person is told by e-mail.
done-already-deleted = The deletion had been requested already; its deadlines stay as they are.

## Deletions

deletions-intro = The most urgent comes first. The sweep does all of it by itself; names are not shown from the request on.
deletions-none = No deletion is open.
deletion-overdue = Overdue: { $length }
deletion-remaining = Time left: { $length }
deletion-held = Only what is held is left
deletion-erased-by = Erased at the latest: { $at }
deletion-undo-until = Can be undone until { $at }
deletion-held-categories = Held: { $categories }

## Holds

holds-intro = Active holds, the soonest review first. New ones are placed on the account's page.
holds-releases-intro = Holds that one person would like to release, and that wait for a second one.
holds-show-releases = Show waiting releases only
holds-show-all = Show all active holds
holds-none = There is no such hold.
hold-title = Hold { $reference }
hold-state-active = active
hold-state-released = released
hold-state-expired = expired
hold-state-waiting = release waiting
hold-state-missed = review missed
hold-keeps = Keeps: { $categories }
hold-review-at = To be reviewed by { $at }
hold-basis = Legal basis
hold-reference = Reference
hold-reference-hint = The norm or the file reference, for example § 147 AO. Please no names.
hold-for-report = Report { $id }
hold-categories = Categories of data
hold-categories-hint = Only what is needed for the purpose. Everything else is erased as usual.
hold-review = Review
hold-review-hint = By then somebody has to look whether the reason still stands: on { $at } at the latest. Left empty: in six months.
hold-expires = Ends by itself
hold-expires-hint = After this day, at most eleven years ahead. Left empty: the hold lasts until it is released.
hold-expires-never = no, only by release
hold-disclose = The person's receipt names the legal basis
hold-disclose-hint = Only for legal proceedings and the order of an authority may it be left out.
hold-disclosure = What the person is told
hold-disclosed = The receipt names the legal basis.
hold-undisclosed = The receipt only says that something is kept by law.
hold-placed = Placed
hold-reviewed-at = Last reviewed
hold-released = Released
hold-own-account = Others decide about holds on your own account.
hold-review-heading = Review and extend
hold-review-reason = Why the hold is still needed
hold-next-review = Next review
hold-next-review-hint = On { $at } at the latest.
hold-review-button = Record the review
hold-release-heading = Release
hold-release-hint = What only this hold keeps, and what would be erased already without it, is erased within 24 hours of the release.
hold-release-reason = Why the hold is not needed any more
hold-release = Release the hold
hold-release-asked = { $name } would like to release this hold.
hold-release-waits = The release is waiting for a second person: an administrator or a data protection officer.
hold-release-confirm = With your consent it is released; the first person's reason stands below.
hold-withdraw = Withdraw the release
hold-reasons = Reasons
hold-note-hold-review = Review
hold-note-hold-release-request = Release asked for
hold-note-hold-release = Release
place-hold-title = Place a hold
place-hold-intro = A hold keeps data that would be erased otherwise. The preview shows what stays and what is erased anyway.
place-hold-preview = See the preview
place-hold-place = Place the hold
place-hold-effect = What this hold does
place-hold-entries =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
place-hold-kept = Stays: { $entries }
place-hold-kept-already = Stays because of another hold: { $entries }
place-hold-goes = Erased anyway: { $entries }
place-hold-goes-by = The account is being deleted. What does not stay is gone by { $at } at the latest.
place-hold-goes-later = The account is in use. If it is deleted, what does not stay is gone after 24 hours at the latest.
done-hold-placed = The hold is placed.
done-hold-reviewed = The review is recorded.
done-hold-released = The hold is released.
done-release-waits = Your wish is recorded. The hold ends as soon as a second person agrees.
done-release-withdrawn = The hold goes on.

## Reports

reports-open = Open reports
reports-removed = Reports after which the message was removed
reports-suspended = Reports after which the account was suspended
reports-dismissed = Dismissed reports
reports-all = All reports
reports-intro = Messages that members have reported. You see the message itself only when you open the report.
reports-none-open = All reports have been decided.
reports-none-removed = After no report a message was removed.
reports-none-suspended = After no report an account was suspended.
reports-none-dismissed = No report was dismissed.
reports-none-all = There are no reports.
reports-show-open = Show open reports
reports-show-removed = Show reports after which the message was removed
reports-show-suspended = Show reports after which the account was suspended
reports-show-dismissed = Show dismissed reports
reports-show-all = Show all reports
report-state-open = open
report-state-removed = message removed
report-state-suspended = account suspended
report-state-dismissed = dismissed
report-desk-title = Reported message
report-logged = That you look at these messages is written down in the audit trail.
report-author = Written by
report-by = Reported by
report-at = Reported on
report-reason = Reason for the report
report-messages = The message and up to five others near it
report-this = reported
report-gone = The message is no longer there.
report-out-of-sight = Nobody sees the message any more; it is not erased yet.
report-decide = Decision
report-decide-hint = If you remove the message, it disappears for everyone. If you want to suspend the account as well, remove the message first; after that you can suspend the account on its page.
report-decision-reason = Reason
report-decision-reason-hint = When you remove or suspend, it is sent by e-mail to the person who wrote the message. Do not say who reported it. When you dismiss, it is optional and goes to nobody.
report-remove = Remove the message
report-suspend = Suspend the account
report-dismiss = Dismiss the report
report-later = Decide later
report-hold = Keep the message
report-hold-hint = A report keeps nothing: when its author deletes the message or their account, the message is gone. If you still need it for legal reasons, place a hold on the messages of this account, and do so before you remove it.
report-hold-others = A report keeps nothing: when its author deletes the message or their account, the message is gone. If it is still needed for legal reasons, turn to an administrator or a data protection officer before you decide: they place holds.
report-decided = Decided
report-decided-by = Decided by
report-decided-at = Decided on
report-not-sent = Your reason, not sent
report-back = To the open reports
done-message-removed = The message is removed. The person who wrote it is told by e-mail.
done-author-suspended = The account is suspended. The person is told by e-mail.
done-report-dismissed = The report is dismissed.

## Enquiries

enquiries-desk-open = Open enquiries
enquiries-desk-unassigned = Open enquiries assigned to nobody
enquiries-desk-mine = Your enquiries
enquiries-desk-answered = Answered enquiries
enquiries-desk-closed = Closed enquiries
enquiries-desk-all = All enquiries
enquiries-desk-none-open = All enquiries are answered.
enquiries-desk-none-unassigned = Every open enquiry is assigned to somebody.
enquiries-desk-none-mine = No enquiry is assigned to you.
enquiries-desk-none-answered = No enquiry is answered and not closed yet.
enquiries-desk-none-closed = No enquiry is closed.
enquiries-desk-none-all = There are no enquiries.
enquiries-desk-show-open = Show open enquiries
enquiries-desk-show-unassigned = Show open enquiries assigned to nobody
enquiries-desk-show-mine = Show enquiries assigned to you
enquiries-desk-show-answered = Show answered enquiries
enquiries-desk-show-closed = Show closed enquiries
enquiries-desk-show-all = Show all enquiries
enquiry-asked-by = Asked by
enquiry-asked-at = Asked on
enquiry-state = State
enquiry-assigned-to = Assigned to: { $name }
enquiry-to-answer = Answer it
enquiry-answer = Answer
enquiry-answer-hint = The person is told by e-mail that there is an answer, and reads it in the portal.
enquiry-answer-send = Send the answer
enquiry-later = Answer later
enquiry-assignment = Assignment
enquiry-assignee = Assigned to
enquiry-assignee-hint = Whoever it is assigned to is told by e-mail when the person waits for an answer.
enquiry-nobody = nobody
enquiry-assign = Save the assignment
enquiry-take = Take it on yourself
enquiry-close-desk-hint = If nothing more is to be answered, close the enquiry. When the person writes on, it is open again.
done-answered = The answer is sent.
done-enquiry-assigned = The assignment is saved.

## Organisations

organisations-intro = Whoever registers with an e-mail address under these domains belongs to the organisation and, depending on the settings, comes in at once.
organisations-none = No organisation has been entered yet.
organisation-new = Add an organisation
organisation-name = Name of the organisation
organisation-domains = Domains of its e-mail addresses
organisation-domains-hint = One a line, without @, for example stadt-musterhausen.de
organisation-no-domains = no domain
organisation-add = Add
organisation-change-hint = Whoever is a member already keeps the organisation's name of that time.
organisation-save = Save the changes
organisation-removing = Remove the organisation
organisation-remove-hint = Its members remain members. New registrations under its domains wait for a decision.
organisation-remove = Remove the organisation
organisation-remove-sure = Do you really want to remove this organisation?
organisation-remove-now = Yes, remove the organisation
done-organisation-added = The organisation is added.
done-organisation-saved = The changes are saved.
done-organisation-removed = The organisation is removed.

## Undelivered e-mails

mails-intro = E-mails that could not be delivered at least once. Addresses and texts are not shown here.
mails-none = All e-mails were delivered.
mail-dropped = E-mail whose text is erased already
mail-given-up = given up
mail-waits = will be tried again
mail-queued-at = Since { $at }
mail-tries =
    { $count ->
        [one] Tried once
       *[other] Tried { $count } times
    }
mail-next-try = Next try: { $at }
mail-failure-not-delivered-yet = The mail server has not accepted it yet.
mail-failure-undeliverable = It could not be delivered in the time there was.
mail-failure-refused = The mail server refused it.
mail-failure-unreadable = It could not be written.
letter-confirm-registration = Confirm the registration
letter-already-registered = Note about an existing account
letter-deletion-under-way = Note about a deletion under way
letter-registration-pending = Registration waits for a decision
letter-registration-approved = Registration approved
letter-registration-rejected = Registration rejected
letter-password-reset = Set a new password
letter-new-device = Note about a new device
letter-password-changed = Note about a changed password
letter-email-change-confirm = Confirm the new e-mail address
letter-email-change-announced = Note about a change of e-mail address
letter-email-change-taken = E-mail address is taken
letter-deletion-requested = Deletion of the account
letter-deletion-restored = Deletion after a restored backup
letter-administrator-invited = Invitation to the administration
letter-enquiry-answered = Enquiry answered
letter-enquiry-waiting = Enquiry waits for an answer
letter-new-message = Notice of a new message
letter-new-messages = Daily notice of new messages
letter-message-removed = Message removed
letter-account-suspended = Account suspended
letter-registrations-waiting = Reminder of registrations that wait
letter-alert = Warning to the administration

## Audit trail

audit-account = Id of the account
audit-account-hint = Only entries about this account. The id stands on the account's page.
audit-kind = Kind
audit-kind-hint = Who signed in and who was refused stands here for 90 days, and not longer than the account.
audit-kind-deeds = What was done
audit-kind-access = Sign-ins
audit-kind-all = Everything
audit-no-account = none
audit-none = There are no entries.
audit-caption = Newest entries first
audit-at = When
audit-what = What
audit-who = Who
audit-access-refused = Refused for want of a role
audit-account-erased = Account erased
audit-account-reinstated = Account reinstated
audit-account-suspended = Account suspended
audit-administrator-created = Administrator created
audit-clock-accepted = Clock accepted
audit-code-refused = Right password with a wrong code
audit-database-reconciled = Reconciled after a restored backup
audit-deletion-requested = Deletion requested
audit-deletion-requested-on-behalf = Deletion requested on the person's behalf
audit-deletion-undone = Deletion undone
audit-demo-begun = Demonstration set up
audit-email-change-requested = Change of e-mail address requested
audit-email-changed = E-mail address changed
audit-enquiry-answered = Enquiry answered
audit-enquiry-assigned = Enquiry assigned
audit-enquiry-closed = Enquiry closed
audit-enquiry-freed = Enquiry assigned to nobody
audit-erasure-breached = Deadline of an erasure missed
audit-factor-removal-requested = Removal of lost second factors requested
audit-factor-removal-stopped = Removal of lost second factors stopped by signing in
audit-factor-removal-withdrawn = Removal of lost second factors taken back
audit-factors-removed = Lost second factors removed
audit-hold-placed = Hold placed
audit-hold-release-requested = Release of a hold asked for
audit-hold-release-withdrawn = Release of a hold withdrawn
audit-hold-released = Hold released
audit-hold-reviewed = Hold reviewed
audit-organisation-changed = Organisation changed
audit-organisation-created = Organisation added
audit-organisation-removed = Organisation removed
audit-passkey-added = Passkey set up
audit-passkey-removed = Passkey removed
audit-password-changed = Password changed
audit-password-reset = Password set anew
audit-proof-refused = Wrong password while signed in
audit-recovery-code-used = Recovery code used
audit-recovery-codes-made = Recovery codes made
audit-registration-activated = Registration confirmed and active
audit-registration-approved = Registration approved
audit-registration-confirmed = Registration confirmed
audit-registration-rejected = Registration rejected
audit-registration-withdrawn = Registration withdrawn
audit-report-dismissed = Report dismissed
audit-report-filed = Message reported
audit-report-removed = Reported message removed
audit-report-suspended = Account suspended after a report
audit-report-viewed = Reported message looked at
audit-role-administrator = Role of administrator given
audit-role-data-protection-officer = Role of data protection officer given
audit-role-member = Role taken away
audit-role-moderator = Role of moderator given
audit-session-begun = Signed in
audit-session-ended = Signed out
audit-session-refused = Sign-in refused
audit-sessions-ended = All of the person's sessions ended
audit-sessions-others-ended = Other sessions ended
audit-totp-added = Authenticator app set up
audit-totp-removed = Authenticator app removed
