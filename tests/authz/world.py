"""A small world in which every sensitive field of every row holds a word of its own: a canary.

Term a is Chika's. Cohort a1: Aoi, Takeshi and two mates, led by Fumi, whose first session has begun. Cohort a2: Haru
and three mates, led by Rei. A former member has left a1. Five people wait, and a run proposes a cohort of four of them.
Term b is Yuki's, of another host. Sam has an account and nothing else.
Pat speaks for a partner in term a that sent Takeshi, who agreed that it knows, and a mate of his, who did not. Another
partner sent Haru. Sachi is the safety contact of term a, and Fumi has marked the first session for her.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from dialogue.core.values import Sorting, as_text
from dialogue.models import (
    Affiliation,
    Cohort,
    ConsentRecord,
    Deck,
    FormMapping,
    JoinLink,
    Organisation,
    OutboundMessage,
    OwnDeck,
    PairWish,
    Participation,
    Person,
    Programme,
    Prompt,
    StaffRole,
    Term,
    ValueSort,
)
from dialogue.services.bulk_mail import Words, send_bulk_mail
from dialogue.services.cohorts import end_participation
from dialogue.services.guardians import ask_guardian, guardian_token
from dialogue.services.join_links import open_link
from dialogue.services.partners import Contact, add_contact, add_partner
from dialogue.services.safety_contacts import add_safety_contact
from dialogue.services.tokens import make_token
from matching.models import MatchRun, Repair, TimeAsk
from matching.services.runs import run_queued, start_run
from sessions.announcing import announce_booked_series
from sessions.models import (
    Attendance,
    CohortNote,
    DialogueSession,
    GreetingCard,
    LoneAsk,
    Reflection,
    Reschedule,
    RescheduleBallot,
    RescheduleOption,
    SafetyMark,
    SmallStep,
    StandbyAsk,
    StandInAsk,
)
from sessions.services.answer_links import answer_token, choosing_token, gathering_token
from sessions.services.answering import OwnWords, answer
from sessions.services.feeds import feed_body, feed_of, token_of
from sessions.services.gatherings import GatheringOrder, open_gathering
from sessions.services.link_signing import signed
from sessions.services.noting import report_note
from sessions.services.prompting import give_prompts
from sessions.services.safety import keep_mark
from tests.factories import (
    NOW,
    make_cohort,
    make_consent,
    make_coordinator,
    make_facilitation,
    make_participation,
    make_person,
    make_session,
    make_term,
)

ROLES = ("anonymous", "sam", "aoi", "haru", "former", "fumi", "rei", "pat", "sachi", "chika", "yuki")
COHORTS = {
    "a1": ("aoi", "mate1", "takeshi", "mate2"),
    "a2": ("haru", "mate3", "mate4", "mate5"),
    "b1": ("mate6", "mate7", "mate8", "mate9"),
}
FACILITATORS = {"a1": "fumi", "a2": "rei", "b1": "nozomi"}
WAITING = ("wait1", "wait2", "wait3", "wait4", "wait5")
YOUNG, GUARDIAN = "wait5", "guardian"
FIRST_BIRTH_YEAR = 27100
"""No year of anybody, so that no other number of a page is mistaken for it."""

DURING = NOW.replace(day=1, month=12, hour=11)
"""Half an hour into the first sessions."""


@dataclass
class World:
    """What the matrix needs of it: addresses' values, and somebody to ask for each role."""

    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, dict[str, object]] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Client] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Literal canaries that are not ours to choose, by text: feed addresses and tokens, as "kind-owner"."""

    def address(self, route: str, about: str) -> str:
        return reverse(route, kwargs=self.values.get(about, {}))


def _message_of(session: DialogueSession) -> int:
    return (
        OutboundMessage.objects.filter(subject_key=f"session:{session.pk}")
        .order_by("pk")
        .values_list("pk", flat=True)[0]
    )


def build() -> World:
    world = World()
    for name in ("sam", "former", "spare", "pat", "sachi", "chika", "yuki", GUARDIAN, *WAITING, *FACILITATORS.values()):
        _person(world, name)
    for names in COHORTS.values():
        for name in names:
            _person(world, name)
    terms = {"a": _term(world, "a", "chika"), "b": _term(world, "b", "yuki")}
    cohorts = {name: _cohort(world, name, terms[name[0]]) for name in COHORTS}
    sessions = {name: _sessions(name, cohort) for name, cohort in cohorts.items()}
    for author in ("aoi", "takeshi", "haru"):
        at = sessions["a2" if author == "haru" else "a1"]
        Reflection.objects.create(session=at, author=world.people[author], text=f"zq-story-{author}", saved_at=DURING)
        SmallStep.objects.create(session=at, author=world.people[author], text=f"zq-step-{author}", changed_at=DURING)
        kept = as_text(Sorting({}, [], f"zq-dear-{author}"))
        ValueSort.objects.create(person=world.people[author], kept=kept, changed_at=DURING)
    left = Participation.objects.get(person=world.people["former"])
    end_participation(participation_id=left.pk, now=NOW + timedelta(hours=1))
    order = GatheringOrder(kind="kickoff", audience="everybody", starts=[DURING + timedelta(days=5)], minutes=60)
    gathering = open_gathering(term=terms["a"], order=order, now=NOW)
    order = replace(
        order, starts=[DURING + timedelta(days=days) for days in (20, 21)], closes_at=DURING + timedelta(days=9)
    )
    looking = open_gathering(term=terms["a"], order=order, now=NOW)
    partners = _partners(world, terms)
    run = _run(world, terms["a"])
    _sensitive_fields(world, terms)
    notes = [
        CohortNote.objects.create(cohort=cohorts["a1"], author=world.people[name], text=text, written_at=NOW)
        for name, text in (("aoi", "zq-jotted-a1"), ("takeshi", "zq-reported-a1"))
    ]
    report_note(note_id=notes[1].pk, reader=world.people["aoi"], now=NOW)
    CohortNote.objects.create(cohort=cohorts["a2"], author=world.people["haru"], text="zq-jotted-a2", written_at=NOW)
    for name, at in (("takeshi", "a1"), ("haru", "a2")):
        GreetingCard.objects.create(
            cohort=cohorts[at], person=world.people[name], question="season", line=f"zq-hail-{at}", shown_at=NOW
        )
    asked = ask_guardian(
        participation=Participation.objects.get(person=world.people[YOUNG]),
        name="zq-called-guardian",
        email=world.people[GUARDIAN].email,
        now=NOW,
    )
    marked = _marked(world, sessions["a1"])
    _readers(world)
    world.values = {
        "term": {"pk": terms["a"].pk},
        "bulk_mail": {"pk": terms["a"].pk, "mail": _bulk_mail(terms["a"], world)},
        "coordinator": {
            "pk": terms["a"].pk,
            "role": StaffRole.objects.get(person=world.people["chika"], programme=terms["a"].programme).pk,
        },
        "file_form": {"form": "csv"},
        "term_list": {"pk": terms["a"].pk, "what": "people", "form": "csv"},
        "cohort": {"pk": cohorts["a1"].pk},
        "session": {"pk": sessions["a1"].pk},
        "session_prompt": {"pk": sessions["a1"].pk, "number": 1},
        "prompt": {"slug": "someone-at-work"},
        "prompt_place": {"slug": "someone-at-work", "programme": terms["a"].programme_id},
        "own_prompt": {"slug": _own_prompt(terms["a"])},
        "own_deck": {"pk": (deck := _own_deck(terms["a"])).pk},
        "own_deck_term": {"pk": deck.pk, "term": terms["a"].pk},
        "session_to_calendar": {"pk": sessions["a1"].pk, "where": "google"},
        "run": {"pk": run.pk},
        "repair": {"pk": Repair.objects.create(term=terms["a"], before=[], after=[], done_at=NOW, mails_at=NOW).pk},
        "small_step": {"pk": SmallStep.objects.get(author=world.people["aoi"]).pk},
        "run_pair": {"pk": run.pk, "other": run.pk},
        "run_seat": {"pk": run.pk, "participation": run.proposed_members.earliest("pk").participation_id},
        "time_ask": {"pk": _time_asked(world, run).pk},
        "note": {"pk": notes[0].pk},
        "reported_note": {"pk": notes[1].pk},
        "message": {"pk": terms["a"].pk, "message": _message_of(sessions["a1"])},
        "gathering": {"pk": gathering.pk},
        "choosing_gathering": {"pk": looking.pk},
        "gathering_link": {"token": gathering_token(gathering.answers.get(person=world.people["aoi"]))},
        "gathering_link_add": {
            "token": gathering_token(gathering.answers.get(person=world.people["aoi"])),
            "where": "google",
        },
        "gathering_choose_link": {"token": choosing_token(looking.answers.get(person=world.people["aoi"]))},
        "gathering_to_calendar": {"pk": gathering.pk, "where": "google"},
        "my_participation": {"pk": Participation.objects.get(person=world.people["aoi"]).pk},
        "participation": {"pk": Participation.objects.get(person=world.people["takeshi"]).pk},
        "feed": {"token": token_of(feed_of(person=world.people["aoi"], now=NOW))},
        "answer_link": {"token": answer_token(_answered(sessions["a1"], world.people["aoi"]))},
        "answer_link_add": {"token": answer_token(_answered(sessions["a1"], world.people["aoi"])), "where": "google"},
        **_asked(world, sessions["a1"]),
        "passkey": {"pk": 1},
        **partners,
        **marked,
        **_open_to_all(world, partners["link"]),
        "guardianship": {"token": guardian_token(asked)},
    }
    return world


def _time_asked(world: World, run: MatchRun) -> TimeAsk:
    mine = Participation.objects.get(person=world.people["aoi"])
    return TimeAsk.objects.create(participation=mine, run=run, start=86, slots=[86], asked_at=NOW)


def _answered(session: DialogueSession, person: Person) -> Attendance:
    """Aoi cannot come, for a reason that is hers alone."""
    mine = session.attendances.get(person=person)
    words = OwnWords(reason="zq-reason-aoi", hello="zq-hello-aoi")
    return answer(session_id=session.pk, person=person, answer="no", words=words, now=mine.session.created_at)


def _asked(world: World, first: DialogueSession) -> dict[str, dict[str, object]]:
    """Of the later session, what Aoi and another facilitator are asked, and the dates that Aoi and Fumi choose from."""
    later = first.cohort.sessions.order_by("starts_at").last()
    at = {"session": later, "starts_at": later.starts_at}
    alone = LoneAsk.objects.create(**at, person=world.people["aoi"], asked_at=NOW)
    stand_in = StandInAsk.objects.create(
        **at, person=world.people["spare"], position=1, status="asked", asked_at=NOW, answer_by=DURING
    )
    elsewhere = Participation.objects.get(person=world.people["haru"])
    standby = StandbyAsk.objects.create(
        **at, participation=elsewhere, position=1, status="asked", asked_at=NOW, answer_by=DURING
    )
    choice = Reschedule.objects.create(
        **at, status="open", opened_at=NOW, nudge_at=DURING, closes_at=DURING + timedelta(days=1)
    )
    RescheduleOption.objects.create(reschedule=choice, starts_at=later.starts_at + timedelta(days=1))
    ballots = [
        RescheduleBallot.objects.create(reschedule=choice, person=world.people[name])
        for name in (*COHORTS["a1"], "fumi")
    ]
    return {
        "later_session": {"pk": later.pk},
        "alone": {"token": signed("alone", alone.pk)},
        "stand_in": {"token": signed("stand_in", stand_in.pk)},
        "standby_ask": {"token": signed("standby", standby.pk)},
        "dates": {"token": signed("dates", ballots[0].pk)},
    }


def _person(world: World, name: str) -> None:
    world.people[name] = make_person(
        f"zq-called-{name}",
        email=f"zq-mail-{name}@example.org",
        family_name=f"zq-family-{name}",
        given_name=f"zq-given-{name}",
        family_kana=f"zq-kana-{name}",
        given_kana=f"zq-kanatoo-{name}",
        birth_year=FIRST_BIRTH_YEAR + len(world.people),
    )


def _term(world: World, name: str, coordinator: str) -> Term:
    host = Organisation.objects.create(name=f"zq-host-{name}")
    programme = Programme.objects.create(organisation=host, name=f"zq-programme-{name}", name_en=f"zq-programme-{name}")
    make_coordinator(programme, world.people[coordinator])
    return make_term(programme=programme, name=f"zq-term-{name}", contact=f"zq-contact-{name}", video="own")


def _cohort(world: World, name: str, term: Term) -> Cohort:
    one, two, three, four = (world.people[member] for member in COHORTS[name])
    students = (one, two, world.people["former"]) if name == "a1" else (one, two)
    return make_cohort(
        term,
        students=students,
        alumni=(three, four),
        facilitator=world.people[FACILITATORS[name]],
        shared_interests=[f"zq-shared-{name}"],
    )


def _own_prompt(term: Term) -> str:
    """A draft of the programme's own, written by nobody who reads it here."""
    deck = Deck.objects.create(slug="own-a", name="own", programme=term.programme)
    tags = {"value": "face", "domain": "work", "depth": 1, "stage": "choice", "anchor": "scene"}
    texts = {"text_ja": "zq-programme-a", "text_en": "zq-programme-a"}
    return Prompt.objects.create(deck=deck, slug="own-zq", position=1, status="draft", **tags, **texts).slug


def _own_deck(term: Term) -> OwnDeck:
    """A deck that a term draws from, named by nobody who reads it here."""
    deck = OwnDeck.objects.create(programme=term.programme, name="zq-programme-a")
    deck.prompts.set(Prompt.objects.drawn_for(term.programme_id))
    Term.objects.filter(pk=term.pk).update(own_deck=deck)
    return deck


def _sessions(name: str, cohort: Cohort) -> DialogueSession:
    first = make_session(cohort, room_url=f"https://rooms.example.com/zq-room-{name}")
    later = make_session(cohort, starts_at=first.starts_at + timedelta(weeks=2))
    give_prompts(cohort, [first, later])
    announce_booked_series(cohort=cohort, sessions=[first, later], now=NOW)
    return first


def _run(world: World, term: Term) -> MatchRun:
    generations = ("student", "student", "alumni", "alumni", "student")
    for name, generation in zip(WAITING, generations, strict=True):
        languages = ["en"] if name == WAITING[-1] else ["ja"]
        make_participation(term, world.people[name], generation, languages=languages)
    make_facilitation(term, world.people["spare"])
    run = start_run(term=term, seed=1, now=NOW, actor=world.people["chika"])
    run_queued(now=NOW)
    run.refresh_from_db()
    assert (run.status, run.placed) == ("ready", 4)
    return run


def _partners(world: World, terms: dict[str, Term]) -> dict[str, dict[str, object]]:
    """Two partners of term a and one of term b, each with its people, contact and link."""
    term = terms["a"]
    own, other = (add_partner(term=term, name=f"zq-partner-{name}", now=NOW) for name in ("pat", "other"))
    far = add_partner(term=terms["b"], name="zq-partner-far", now=NOW)
    sent = {"takeshi": own, "mate2": own, "haru": other, "mate6": far}
    for name, partner in sent.items():
        Participation.objects.filter(person=world.people[name]).update(partner=partner)
    for name in ("takeshi", "haru", "mate6"):
        make_consent(Participation.objects.get(person=world.people[name]), ConsentRecord.Purpose.SHARE_WITH_PARTNER)
    pat = world.people["pat"]
    contact = Contact(email=pat.email, name="zq-called-pat")
    role = add_contact(programme=term.programme, partner=own, contact=contact, now=NOW)
    for name, partner in (("other", other), ("hostlink", None)):
        world.secrets[open_link(term=term, partner=partner, now=NOW).code] = f"code-{name}"
    return {
        "link": {"pk": open_link(term=term, partner=own, now=NOW).pk},
        "partner": {"pk": term.pk, "partner": own.pk},
        "contact": {"pk": term.pk, "contact": role.pk},
    }


def _marked(world: World, session: DialogueSession) -> dict[str, dict[str, object]]:
    """Fumi's mark for safety, and who reads it."""
    term, sachi = session.cohort.term, world.people["sachi"]
    contact = Contact(email=sachi.email, name="zq-called-sachi")
    role = add_safety_contact(programme=term.programme, contact=contact, now=NOW)
    keep_mark(session=session, author=world.people["fumi"], line="zq-safety-a1", gives=True, now=DURING)
    return {
        "safety_contact": {"pk": term.pk, "contact": role.pk},
        "mark": {"pk": SafetyMark.objects.get().pk},
    }


def _bulk_mail(term: Term, world: World) -> int:
    """A mail to somebody of term a that has not left, written by its coordinator."""
    place = Participation.objects.get(person=world.people["aoi"], term=term)
    mail, _number = send_bulk_mail(
        term=term, chosen=[place.pk], purpose="own", words=Words(subject="Hello", text="To all"), now=NOW,
        actor=world.people["chika"], key="0" * 16,
    )  # fmt: skip
    return mail.pk


def _open_to_all(world: World, own: dict[str, object]) -> dict[str, dict[str, object]]:
    """A term c that anybody may read of, by its link; and the link of a term that some are in already."""
    code = open_link(term=_term(world, "c", "spare"), now=NOW).code
    return {
        "way_in": {"code": code},
        "page_of_way_in": {"code": code, "page": "name"},
        "way_taken": {"code": JoinLink.objects.get(**own).code},
    }


def _sensitive_fields(world: World, terms: dict[str, Term]) -> None:
    for name, person in world.people.items():
        person.phone = f"zq-phone-{name}"
        person.save(update_fields=["phone"])
        for place in person.participations.all():
            place.affiliation = Affiliation.objects.create(
                organisation=place.term.programme.organisation,
                name=f"zq-affiliation-{name}",
                key=f"zq-affiliation-{name}",
            )
            place.field = f"zq-field-{name}"
            place.interests = {f"zq-interest-{name}": 3}
            place.crossroads = f"zq-crossroads-{name}"
            place.asked, place.replied, place.note = f"zq-asked-{name}", f"zq-replied-{name}", f"zq-note-{name}"
            place.save()
            ConsentRecord.objects.filter(participation=place).update(
                collected_by=f"zq-consent-{name}", text_version=f"zq-text-{name}"
            )
    first, second = sorted(world.people[name].participations.get().pk for name in ("aoi", "haru"))
    PairWish.objects.create(term=terms["a"], first_id=first, second_id=second, kind=PairWish.Kind.BLOCKED)
    for name, term in terms.items():
        heads = f'[columns]\n"zq-heads-{name}" = "email"\n'
        FormMapping.objects.create(
            programme=term.programme, kind="participants", header_key=name * 64, toml=heads, updated_at=NOW
        )
    OutboundMessage.objects.filter(recipient=world.people["takeshi"]).update(
        context={"note": "zq-context-takeshi"}, trouble="zq-trouble-takeshi"
    )


def _readers(world: World) -> None:
    for role in ROLES:
        world.browsers[role], world.programs[role] = Client(), Client()
        if role == "anonymous":
            continue
        person = world.people[role]
        world.browsers[role].force_login(person)
        token = make_token(person=person, now=NOW)
        world.programs[role] = Client(headers={"Authorization": f"Bearer {token}"})
        feed = feed_body(feed=feed_of(person=person, now=NOW), now=DURING)  # made and filled: reading changes nothing
        world.secrets |= {token: f"token-{role}", token_of(feed): f"feed-{role}"}
