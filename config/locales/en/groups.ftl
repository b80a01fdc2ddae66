### Groups and invitations.

group-badge = Group
group-without-name = Group without a name
group-settings = Members and settings of the group
group-alone = Nobody but you is in the group. Invite people; you can write as soon as somebody has joined.
conversations-new-group = Open a new group

group-new-title = New group
group-new-intro = Everyone who is in a group can invite more people into it. Whoever joins sees the messages that are written from then on. The group is managed by whoever has been in it longest.
group-name = Name of the group
group-name-hint = Everyone in the group and everyone invited into it sees the name. When you delete your account, it disappears.
group-open = Open the group
done-group-opened = The group is open. Now invite people.

group-managed-by-you = You manage this group: you can rename it and remove people.
group-managed-by = { $name } manages this group.
group-managed-by-nobody = Nobody manages this group at present.
group-read = To the messages
group-people = Members of the group
group-manager = Manages the group
group-former =
    { $count ->
        [one] A former member of the portal was in it, too.
       *[other] { $count } former members of the portal were in it, too.
    }
group-invited = Invited
group-nobody-invited = Nobody is invited at present.
group-withdraw = Take the invitation back
done-invitation-withdrawn = The invitation has been taken back.
group-rename-title = Rename the group
group-rename = Change the name
done-group-renamed = The group has a new name.
group-back = Back to the group

group-invite = Invite people
group-invite-title = Invite people
group-invite-rule = You are inviting into the group “{ $name }”. Whoever is invited sees the name of the group, who invites them and how many are in it. The invitation lapses after 30 days.
group-nobody-found = Nobody was found who is not in the group already. Not all members want to be found.
group-guests = Who would you like to invite?
group-invite-button = Invite
done-invited = The invitation has been sent.

group-remove = Remove from the group
group-remove-title = Remove { $name } from the group
group-remove-intro = { $name } no longer sees the group then, and can only be invited again by whoever manages it. What { $name } wrote stays readable for the others.
group-remove-button = Remove this person
group-keep = Keep this person in the group
done-member-removed = The person is not in the group any more.

group-leave = Leave the group
group-leave-title = Leave the group “{ $name }”
group-leave-intro = You no longer see the group then. If you join again later, you only see what is written from then on.
group-leave-messages = Your messages stay readable for the others, with your name, until you delete your account. Please delete beforehand what is not to stay.
group-leave-manager = From then on the group is managed by whoever has been in it longest.
group-leave-last = Nobody but you is in this group. When you leave it, it ends, and everything that was written in it disappears for everyone.
group-leave-button = Leave the group
group-stay = Stay in the group
done-group-left = You have left the group.

invitations-title = Invitations
invitations-none = Nobody has invited you into a group at present.
invitations-rule = When you accept, you see the messages that are written from then on, and the others see that you are in the group. Nobody is told that you declined.
invitations-by = Invited by { $name }
invitations-people =
    { $count ->
        [one] One person is in the group
       *[other] { $count } people are in the group
    }
invitations-accept = Accept
invitations-decline = Decline
invitations-waiting =
    { $count ->
        [one] You are invited into a group
       *[other] You are invited into { $count } groups
    }
done-group-joined = You are in the group now.
done-invitation-declined = You have declined the invitation.
