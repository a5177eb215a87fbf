# Runs bluesky's own plans without hardware: its messages are looked at, readings are made up, and where the motors
# were at every point is told. In: a JSON list of {plan, args, kwargs, motors, center} on stdin; "motor:NAME" in args stands
# for a motor, "det" for the detector. Out: a JSON list of {rows, final}.
import json
import sys
import warnings

import bluesky.plans as bp

warnings.filterwarnings('ignore')


class Thing:
    parent = None

    def __init__(self, name, position=0.0):
        self.name = name
        self.position = position
        self.hints = {'fields': [name]}

    def __repr__(self):
        return self.name

    # bluesky asks whether a thing has these; its messages are answered below instead.
    def set(self, value):
        raise NotImplementedError

    def read(self):
        raise NotImplementedError

    def describe(self):
        raise NotImplementedError


# Of sums, products and quotients only, which are the same to the last bit in JavaScript: plans feed it back into their positions.
def peak(positions, center):
    total = 0.0
    for x in positions:
        total += ((x - center) / 0.4) * ((x - center) / 0.4)
    return 1000.0 / (1.0 + total) + 5.0


def reading(name, value):
    return {name: {'value': value, 'timestamp': 0.0}}


def follow(case):
    motors = {name: Thing(name, position) for name, position in case['motors'].items()}
    det = Thing('det')

    def real(value):
        if isinstance(value, str) and value.startswith('motor:'):
            return motors[value[6:]]
        if isinstance(value, list):
            return [real(one) for one in value]
        return value

    kwargs = {key: real(value) for key, value in case.get('kwargs', {}).items()}
    plan = getattr(bp, case['plan'])([det], *map(real, case['args']), **kwargs)
    names = list(motors)
    rows = []
    answer = None
    while True:
        try:
            message = plan.send(answer)
        except StopIteration:
            break
        answer = None
        if message.command == 'set':
            message.obj.position = float(message.args[0])
        elif message.command == 'read':
            if message.obj is det:
                answer = reading('det', peak([motor.position for motor in motors.values()], case.get('center', 0.0)))
            else:
                answer = reading(message.obj.name, message.obj.position)
        elif message.command == 'save':
            rows.append([motors[name].position for name in names])
    return {'rows': rows, 'final': [motors[name].position for name in names]}


json.dump([follow(case) for case in json.load(sys.stdin)], sys.stdout)
